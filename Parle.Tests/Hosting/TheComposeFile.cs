using System.Text.RegularExpressions;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Hosting;

/// Two lines of the README start it; it must have neither more rights, nor fewer settings, than the rest of the page says.
public sealed partial class TheComposeFile
{
    private readonly string text = File.ReadAllText(Path.Combine(SourceFiles.Repository!, "compose.yaml"));

    [Fact]
    public void gives_the_service_an_account_of_its_own()
    {
        var service = Block("parle");

        Assert.Contains("Username=parle_app;", service, StringComparison.Ordinal);
        Assert.DoesNotContain("${PARLE_DB_PASSWORD", service, StringComparison.Ordinal);
        Assert.Contains("PARLE_DB_PASSWORD: \"\"", service, StringComparison.Ordinal); // It stands in the file that is handed over whole.
        Assert.Contains("Username=parle;", Block("db-apply"), StringComparison.Ordinal);
        Assert.Contains("grant parle_service to parle_app", Block("db-account"), StringComparison.Ordinal);
    }

    [Fact]
    public void hands_every_setting_over() => Assert.Matches(@"env_file:\s*- \.env\b", Block("parle"));

    [Fact]
    public void names_versions_and_no_moving_tags()
    {
        Assert.All(Images().Matches(text), image => Assert.Matches(@":\d+\.\d+", image.Value));
        Assert.DoesNotMatch(@"FROM \S+:\d+\.\d+(\s|$)", File.ReadAllText(Path.Combine(SourceFiles.Repository!, "Dockerfile")));
    }

    private string Block(string service) => Regex.Match(text, $@"^  {service}:\n(?:    .*\n|\n)+", RegexOptions.Multiline).Value;

    [GeneratedRegex(@"image: .*")]
    private static partial Regex Images();
}
