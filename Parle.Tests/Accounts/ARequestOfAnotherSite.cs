using System.Net;
using Parle.Api;
using Parle.Api.Registry;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class ARequestOfAnotherSite(APostedService posted) : IClassFixture<APostedService>
{
    public static TheoryData<string> Writes => [.. Actions.All.Where(action => (action.Ways[0] is Way.Open || action.IsForPerson)
        && !action.IsSafe && !Actions.PathParametersOf(action).Any()).Select(action => action.Path).Distinct()];

    public static TheoryData<string, string> Foreign => new()
    {
        { "Sec-Fetch-Site", "cross-site" },
        { "Sec-Fetch-Site", "same-site" },
        { "Sec-Fetch-Site", "anything" },
        { "Origin", "https://elsewhere.example" },
        { "Origin", "http://localhost:81" },
        { "Origin", "null" },
        { "Origin", "localhost" },
        { "Origin", "file://localhost" },
        { "Origin", "http://localhost.elsewhere.example" },
    };

    public static TheoryData<string, string> Own => new()
    {
        { "Sec-Fetch-Site", "same-origin" },
        { "Sec-Fetch-Site", "none" },
        { "Origin", "http://localhost" },
        { "Origin", "https://LOCALHOST" },
        { "Origin", "http://localhost:80" },
        { "User-Agent", "curl/8" },
    };

    [Theory, MemberData(nameof(Writes))]
    public async Task is_refused_wherever_something_is_written(string path)
    {
        var ana = await posted.SomebodyKnown();
        await (await ana.Send(HttpMethod.Post, path, new { }, headers: ("Sec-Fetch-Site", "cross-site"))).IsRefused("csrf_rejected");
    }

    [Theory, MemberData(nameof(Foreign))]
    public async Task signs_nobody_out_and_nobody_in(string header, string value)
    {
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();

        await (await ana.Send(HttpMethod.Post, "/v/auth/logout", headers: (header, value))).IsRefused("csrf_rejected");
        await (await ana.Send(HttpMethod.Post, "/v/auth/email/complete", new { email = ana.Email, code }, headers: (header, value)))
            .IsRefused("csrf_rejected");

        await ana.IsKnownAs(ana.Handle);
        await (await ana.SignsIn(code)).Json(HttpStatusCode.Created); // Nothing happened to the code.
    }

    [Theory, MemberData(nameof(Own))]
    public async Task is_not_what_comes_from_this_site_or_from_no_browser(string header, string value)
    {
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();

        await (await ana.Send(HttpMethod.Post, "/v/auth/email/complete", new { email = ana.Email, code }, headers: (header, value)))
            .Json(HttpStatusCode.Created);
        await (await ana.Send(HttpMethod.Post, "/v/auth/logout", headers: (header, value))).IsEmptyWith(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task is_refused_when_browser_and_page_disagree()
    {
        var ana = await posted.SomebodyKnown();
        await (await ana.Send(
            HttpMethod.Post, "/v/auth/logout", headers: [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://localhost")]))
            .IsRefused("csrf_rejected");
        await (await ana.Send(
            HttpMethod.Post, "/v/auth/logout", headers: [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")]))
            .IsRefused("csrf_rejected");
        await (await ana.Send(HttpMethod.Post, "/v/auth/logout",
            headers: [("Origin", "http://localhost"), ("Origin", "https://elsewhere.example")])).IsRefused("csrf_rejected");
    }

    [Fact]
    public async Task may_look_since_the_browser_keeps_the_answer_from_it()
    {
        var ana = await posted.SomebodyKnown();
        var answer = await ana.Send(HttpMethod.Get, "/v/auth/whoami", headers: ("Sec-Fetch-Site", "cross-site"));
        await answer.Bytes();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
