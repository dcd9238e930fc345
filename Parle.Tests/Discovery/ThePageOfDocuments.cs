using System.Net;
using System.Text.RegularExpressions;
using Parle.Tests.Service;

namespace Parle.Tests.Discovery;

public partial class ThePageOfDocuments(TestCluster cluster)
{
    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/index.html")]
    [InlineData("/docs?url=https://elsewhere.example/openapi.json")]
    [InlineData("/docs/index.html?url=https://elsewhere.example/openapi.json&configUrl=https://elsewhere.example/config.json")]
    public async Task is_the_same_whatever_its_address_says(string address)
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();

        Assert.Equal(await stranger.GetStringAsync("/docs"), await stranger.GetStringAsync(address));
    }

    [Fact]
    public async Task runs_only_scripts_of_files_that_a_strict_policy_lets_in()
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();
        using var answer = await stranger.GetAsync("/docs", TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.All((string[])["default-src 'none'", "script-src 'self';", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
            "frame-ancestors 'none'"], part => Assert.Contains(part, policy, StringComparison.Ordinal));
        Assert.All(Script().Matches(page), script => Assert.Matches("""^<script src="/docs/[^"]+"></script>$""", script.Value));
        Assert.DoesNotMatch("""(?i)<style|style=|\son[a-z]+=|javascript:""", page);
    }

    [Fact]
    public async Task reads_nothing_of_its_address_and_sends_nothing()
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();
        var script = await stranger.GetStringAsync("/docs/page.js");

        Assert.Contains("url: '/openapi.json'", script, StringComparison.Ordinal);
        Assert.Contains("queryConfigEnabled: false", script, StringComparison.Ordinal);
        Assert.Contains("supportedSubmitMethods: []", script, StringComparison.Ordinal);
        Assert.DoesNotContain("location", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/docs/oauth2-redirect.html")]
    [InlineData("/docs/swagger-ui-standalone-preset.js")]
    [InlineData("/docs/nothing")]
    public async Task brings_no_other_part(string address)
    {
        using var stranger = (await cluster.Service).Host.Server.CreateClient();
        using var answer = await stranger.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
