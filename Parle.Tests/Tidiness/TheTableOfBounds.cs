using System.Text.RegularExpressions;

namespace Parle.Tests.Tidiness;

public sealed partial class TheTableOfBounds
{
    /// Each limit that can be set stands in the table, in the style of its row: Parle__Limits__Name, or …Name beside another one.
    [Fact]
    public void names_every_setting()
    {
        SourceFiles.Need();
        var table = File.ReadAllText(Path.Combine(SourceFiles.Repository!, "docs", "bounds.md"));
        var settings = SourceFiles.All(".cs").Where(file => file.StartsWith("Parle.Api", StringComparison.Ordinal))
            .SelectMany(SourceFiles.Lines)
            .SelectMany(line => Setting().Matches(line)).Select(setting => setting.Groups["name"].Value).ToHashSet();

        Assert.Contains("TokenRequestsPerSecond", settings);
        Assert.Contains("RoomsPerPrincipal", settings);
        Assert.All(settings, name => Assert.True(
            table.Contains($"Parle__Limits__{name}`", StringComparison.Ordinal) || table.Contains($"…{name}`", StringComparison.Ordinal),
            name));
    }

    [GeneratedRegex("""(\bOf\(configuration, "|Limit\(configuration, nameof\(|Parle:Limits:)(?<name>[A-Z]\w+)["\)]""")]
    private static partial Regex Setting();
}
