using System.Text.Json;
using System.Xml.Linq;
using Parle.Api.Cli;
using Parle.Tests.Service;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Hosting;

/// Directory.Build.props states it. A person who reports a fault reads it in any of these places.
public sealed class TheVersion(TestCluster cluster)
{
    [Fact]
    public async Task is_told_by_the_command_line_the_start_and_the_base_url()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        Assert.Equal(0, CommandLine.Answer(["--version"], output, errors));
        await using var process = await ParleProcess.Start(await cluster.NewDatabase());
        using var stranger = new HttpClient { BaseAddress = process.Address };

        var welcome = JsonElement.Parse(await stranger.GetStringAsync("/", TestContext.Current.CancellationToken));

        Assert.Equal($"parle {Stated()}\n", output.ToString());
        Assert.Equal(Stated(), welcome.GetProperty("version").GetString());
        await process.Says($"Parle {Stated()} serves ");
    }

    [Theory]
    [InlineData("Dockerfile", "org.opencontainers.image.version=\"{0}\"")]
    [InlineData("compose.yaml", "image: parle:{0}\n")]
    [InlineData("CHANGELOG.md", "\n## {0}\n")]
    public void is_written_on_the_image_and_in_the_changelog(string file, string line) =>
        Assert.Contains(line.Replace("{0}", Stated(), StringComparison.Ordinal), Text(file), StringComparison.Ordinal);

    private static string Stated() => XDocument.Parse(Text("Directory.Build.props")).Descendants("Version").Single().Value;

    private static string Text(string file) => string.Join('\n', SourceFiles.Lines(file));
}
