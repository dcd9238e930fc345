using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public partial class ABaseUrl(TestCluster cluster)
{
    [Fact]
    public async Task leads_a_stranger_to_all_documents()
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();
        var welcome = JsonElement.Parse(await stranger.GetStringAsync("/"));

        foreach (var document in (string[])["llms", "openapi", "docs"])
        {
            using var answer = await stranger.GetAsync(welcome.GetProperty(document).GetString());
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{document}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task has_a_page_that_needs_nothing_from_elsewhere()
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();
        var page = await stranger.GetStringAsync("/docs");
        var parts = Part().Matches(page).Select(part => part.Groups["address"].Value).ToList();

        Assert.NotEmpty(parts);
        foreach (var part in parts)
        {
            using var answer = await stranger.GetAsync(new Uri(new Uri(stranger.BaseAddress!, "/docs/"), part));
            Assert.True(answer.StatusCode is HttpStatusCode.OK && new Uri(stranger.BaseAddress!, part).Host == stranger.BaseAddress!.Host,
                $"{part}: {answer.StatusCode}");
        }
    }

    [GeneratedRegex("""(?:src|href)="(?<address>[^"]+)["]""")]
    private static partial Regex Part();
}
