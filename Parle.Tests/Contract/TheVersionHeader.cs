using System.Net;
using Parle.Api;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class TheVersionHeader(TestCluster cluster)
{
    public static TheoryData<string, string> Routes => new(
        [.. Actions.All.Select(action => (action.Method, action.Path)), ("GET", "/v"), ("GET", "/v/nowhere"),
            ("DELETE", "/v/agent/sessions"), ("POST", "/V/AGENT/SESSIONS")]);

    [Theory, MemberData(nameof(Routes))]
    public async Task is_asked_for_before_anything_else(string method, string path)
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        using var request = new HttpRequestMessage(new(method), path) { Content = new StringContent("{not json") };

        var error = await (await client.SendAsync(request)).IsRefused("unsupported_parle_version", "supported", "current");

        Assert.Equal(["2026-08-17"], error.GetProperty("supported").EnumerateArray().Select(version => version.GetString()));
        Assert.Equal("2026-08-17", error.Text("current"));
    }

    [Theory, InlineData(""), InlineData("2026-07-07"), InlineData("2026-8-17"), InlineData("2026-08-17,2026-08-17")]
    public async Task must_name_the_one_version(string version)
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v/agent/self");
        request.Headers.TryAddWithoutValidation("Parle-Version", version);

        await (await client.SendAsync(request)).IsRefused("unsupported_parle_version", "supported", "current");
    }

    [Theory, InlineData("/health/live"), InlineData("/health/ready")]
    public async Task is_not_asked_for_by_health(string path)
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
    }

    [Theory, InlineData("/llms.txt"), InlineData("/openapi.json"), InlineData("/vision")]
    public async Task is_not_asked_for_outside_of_the_api(string path)
    {
        using var client = (await cluster.Service).Host.Server.CreateClient();
        Assert.NotEqual(HttpStatusCode.BadRequest, (await client.GetAsync(path)).StatusCode);
    }
}
