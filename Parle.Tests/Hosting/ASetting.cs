using System.Collections;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Parle.Api.Hosting;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Hosting;

public partial class ASetting(TestCluster cluster)
{
    public static TheoryData<string> Known => new(Settings.All.Select(setting => setting.Key));

    [Theory]
    [InlineData("Parle:Lane", "3", "Parle__Lane is not a setting of Parle. Did you mean Parle__Lanes?"),
        InlineData("Parle:TokensPerPrincipal", "3", "Did you mean Parle__Limits__TokensPerPrincipal?")]
    [InlineData("Parle:Limits:TokensPerPrinciple", "3", "Did you mean Parle__Limits__TokensPerPrincipal?"),
        InlineData("Parle:Limits", "3", "Parle__Limits is not a setting of Parle."),
        InlineData("Parle:Lanes:Count", "3", "Parle__Lanes__Count is not a setting")]
    [InlineData("Parle:Smtp:Hots", "x", "Did you mean Parle__Smtp__Host?"),
        InlineData("ConnectionStrings:Parl", "x", "Did you mean ConnectionStrings__Parle?"),
        InlineData("ConnectionString:Parle", "x", "Did you mean ConnectionStrings__Parle?")]
    [InlineData("Parle:Lanes", "abc", "Parle__Lanes=abc: it takes a whole number, 1 to 256."), InlineData("Parle:Lanes", "0", "1 to 256"),
        InlineData("Parle:Lanes", "-1", "1 to 256"), InlineData("Parle:Lanes", "99999999999999999999", "1 to 256")]
    [InlineData("Parle:Limits:SeatsPerRoom", "-5", "0 to 2147483647"), InlineData("Parle:Limits:SeatsPerRoom", "1.5", "0 to 2147483647"),
        InlineData("Parle:Limits:SeatsPerRoom", "2147483648", "0 to 2147483647"), InlineData("PARLE_MIGRATE", "yes", "0 or 1")]
    [InlineData("Parle:PublicUrl", "parle.example", "https://"), InlineData("Parle:Smtp:Security", "ssl", "starttls or tls or none"),
        InlineData("Parle:SignerName", "a b", "without blanks"), InlineData("Parle:CheckpointSeconds", "1h", "a whole number")]
    public void that_is_not_known_or_not_possible_is_refused_in_a_line(string key, string value, string says)
    {
        var refused = Assert.Throws<SettingsException>(() => Check((key, value)));
        Assert.Contains(says, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(refused.Message, StartFailure.Of(refused));
    }

    [Theory]
    [InlineData("PARLE_DATTA", "PARLE_DATA"), InlineData("PARLE_SERVERKEY", "PARLE_SERVER_KEY"), InlineData("PARLE_LANES", "Parle__Lanes"),
        InlineData("PARLE_MIGRAT", "PARLE_MIGRATE")]
    public void of_the_environment_is_refused_likewise(string variable, string meant) =>
        Assert.Contains($"Did you mean {meant}?", Assert.Throws<SettingsException>(
            () => Settings.Check(new ConfigurationBuilder().Build(), new Hashtable { [variable] = "1" })).Message);

    /// Behind a proxy that is not known as one, all callers are one; before one that is not there, each is whoever it says.
    [Theory]
    [InlineData("ASPNETCORE_FORWARDEDHEADER_ENABLED", "ASPNETCORE_FORWARDEDHEADERS_ENABLED"),
        InlineData("ASPNETCORE_FORWARDED_HEADERS_ENABLED", "ASPNETCORE_FORWARDEDHEADERS_ENABLED"),
        InlineData("ASPNET_FORWARDEDHEADERS_ENABLED", null)]
    [InlineData("ASPNETCORE_URL", "ASPNETCORE_URLS"), InlineData("ASPNETCOR_URLS", "ASPNETCORE_URLS"),
        InlineData("ASPNETCORE_ENVIROMENT", "ASPNETCORE_ENVIRONMENT"), InlineData("ASPNETCORE_HTTP_PORT", "ASPNETCORE_HTTP_PORTS")]
    [InlineData("ConectionStrings__Parle", "ConnectionStrings__Parle"), InlineData("PARL_DATA", "PARLE_DATA"),
        InlineData("PARLEDATA", "PARLE_DATA"), InlineData("Prale__Lanes", "Parle__Lanes"),
        InlineData("Pale__Limits__SeatsPerRoom", "Parle__Limits__SeatsPerRoom")]
    [InlineData("PARSE_DATA", null), InlineData("TABLE_DATA", null), InlineData("ASPNETCORE_HTTPS_PORT", null),
        InlineData("ASPNETCORE_CONTENTROOT", null), InlineData("DOTNET_RUNNING_IN_CONTAINER", null),
        InlineData("ASPNETCORE_HTTPS_PORTS", null)]
    [InlineData("Kestrel__Certificates__Default__Path", null), InlineData("PARLE_PORT", null), InlineData("PGDATA", null)]
    public void without_our_prefix_is_refused_where_it_is_one_of_those_we_name_but_for_a_letter(string variable, string? meant)
    {
        var refused = Xunit.Record.Exception(() => Settings.Check(new ConfigurationBuilder().Build(), new Hashtable { [variable] = "1" }));
        var asConfigured = Xunit.Record.Exception(() => Check((variable.Replace("__", ":", StringComparison.Ordinal), "true")));
        Assert.Equal(meant is null, refused is null);
        Assert.Equal(meant is null, asConfigured is null);
        Assert.All((Exception?[])[refused, asConfigured],
            one => Assert.Contains(meant is null ? "" : $"Did you mean {meant}?", one?.Message ?? ""));
    }

    [Fact]
    public void of_the_framework_takes_no_value_that_it_would_take_for_no() =>
        Assert.Contains("it takes true or false",
            Assert.Throws<SettingsException>(() => Check(("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "yes"))).Message);

    [Fact]
    public void of_the_framework_that_the_documentation_names_is_known() => Assert.All(
        Regex.Matches(string.Join('\n', SourceFiles.Lines("docs/configuration.md")), "`(ASPNETCORE_[A-Z_]+)")
            .Select(match => match.Groups[1].Value).Distinct(),
        name => Assert.Contains(name, Settings.Beneath.Select(setting => setting.Key)));

    [Fact]
    public void of_somebody_else_is_none_of_ours() => Settings.Check(
        new ConfigurationBuilder().AddInMemoryCollection([new("PARLE", "http://127.0.0.1:5080"), new("ConnectionStrings:Billing", "x"),
            new("Logging:LogLevel:Default", "Warning"), new("Parle:LaneCapacity", ""), new("parle:lanes", "2")]).Build(),
        new Hashtable { ["PARLE"] = "x", ["PARLE_API_BASE"] = "x", ["Parle__Lanes"] = "2", ["PARLE__LANES"] = "2", ["PATH"] = "x" });

    [Theory, MemberData(nameof(Known))]
    public void that_is_misspelt_is_told_what_was_meant(string key)
    {
        var slip = key[..^2] + key[^1];
        if (key.StartsWith("Parle:", StringComparison.Ordinal) && Settings.All.All(setting => setting.Key != slip))
        {
            Assert.Contains($"Did you mean {key.Replace(":", "__", StringComparison.Ordinal)}?",
                Assert.Throws<SettingsException>(() => Check((slip, "1"))).Message);
        }
    }

    [Fact]
    public void is_described_where_people_look()
    {
        var text = string.Join('\n', SourceFiles.Lines("docs/configuration.md"));
        Assert.All(Read().Select(key => key.Replace(":", "__", StringComparison.Ordinal)), variable => Assert.True(
            text.Contains($"`{variable}`", StringComparison.Ordinal)
                || text.Contains($"`…{variable.Split("__")[^1]}`", StringComparison.Ordinal), variable));
    }

    [Fact]
    public void that_the_code_reads_or_the_documentation_names_is_known()
    {
        var known = Settings.All.Select(setting => setting.Key).ToHashSet();
        var named = Variable().Matches(string.Join('\n', SourceFiles.Lines("docs/configuration.md")))
            .Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal));
        Assert.All(Read().Concat(named).Distinct(), key => Assert.Contains(key, known));
    }

    [Fact]
    public async Task keeps_the_service_from_starting_without_a_stack_trace()
    {
        var (code, output, errors) = await ParleProcess.Run(await cluster.NewDatabase(), [], "", ("Parle__Lane", "3"));

        Assert.Equal(1, code);
        Assert.Equal("Parle__Lane is not a setting of Parle. Did you mean Parle__Lanes?", errors.Trim());
        Assert.Equal("", output.Trim());
    }

    // The names that the code asks the configuration for.
    private static IReadOnlyList<string> Read() =>
    [
        .. from file in SourceFiles.All(".cs")
           where file.StartsWith("Parle.Api", StringComparison.Ordinal) && !file.EndsWith("Settings.cs", StringComparison.Ordinal)
           from Match match in Asking().Matches(string.Join('\n', SourceFiles.Lines(file)))
           let name = match.Groups["key"] is { Success: true } key ? key.Value : $"Parle:Limits:{match.Groups["limit"].Value}"
           where name is not ("Parle:Smtp" or "Parle:Oidc" or "Parle:Limits")
           select name,
    ];

    private static void Check(params (string Key, string Value)[] settings) =>
        Settings.Check(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build(),
            new Hashtable());

    [GeneratedRegex(
        "\"(?<key>Parle:[A-Za-z:]+)\"|(?:Limits\\.Of|Limit|Of)\\(configuration, (?:\"(?<limit>\\w+)\"|nameof\\((?<limit>\\w+)\\))")]
    private static partial Regex Asking();

    [GeneratedRegex("Parle__[A-Za-z_]+")]
    private static partial Regex Variable();
}
