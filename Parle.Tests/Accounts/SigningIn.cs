using System.Net;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class SigningIn(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task takes_a_code_and_hands_a_session_over()
    {
        var ana = await posted.SomebodyKnown();
        var first = ana.Cookie;

        var answer = await ana.SignsIn(await ana.AsksForACode());

        Assert.Equal(("authenticated", ana.Handle), ((await answer.Json(HttpStatusCode.Created)).Text("status"),
            (await answer.Json(HttpStatusCode.Created)).Text("principal_handle")));
        ana.Cookie = PersonWithMail.CookieOf(answer);
        Assert.NotEqual(first, ana.Cookie);
        await ana.IsKnownAs(ana.Handle);
    }

    [Fact]
    public async Task minds_neither_capitals_nor_blanks_in_the_address()
    {
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();

        await (await ana.Send(HttpMethod.Post, "/v/auth/email/complete", new { email = $" {ana.Email.ToUpperInvariant()} ", code }))
            .Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task tells_who_has_a_code_that_it_is_not_known_and_the_code_makes_it_known()
    {
        var ana = posted.Somebody();
        var code = await ana.AsksForACode();

        var error = await (await ana.SignsIn(code)).IsRefused("unauthenticated", "reason", "unlock");
        Assert.Equal("not_onboarded", error.Text("reason"));
        Assert.Contains("/v/onboarding/complete", error.Text("unlock"), StringComparison.Ordinal);

        await (await ana.Onboards(code)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task has_no_second_factor_to_complete()
    {
        var ana = await posted.SomebodyKnown();

        var answer = await ana.Send(HttpMethod.Post, "/v/auth/login/complete", new { factor = "totp", code = "123456" },
            headers: ("Cookie", "__Host-parle_login=anything"));

        await answer.IsRefused("unauthenticated", "reason", "unlock");
        Assert.Equal("__Host-parle_login=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
            Assert.Single(answer.Headers.GetValues("Set-Cookie")));
    }

    [Fact]
    public async Task is_kept_by_nobody_on_the_way()
    {
        var ana = posted.Somebody();
        var code = await ana.AsksForACode();
        var answers = new List<HttpResponseMessage>
        {
            await ana.Send(HttpMethod.Post, "/v/auth/email/start", new { email = ana.Email }),
            await ana.SignsIn("no code"), await ana.AsksWhoItIs(), await ana.Onboards(code),
            await ana.Send(HttpMethod.Post, "/v/auth/login/complete", new { }),
        };
        answers.Add(await ana.Send(HttpMethod.Post, "/v/onboarding/start", new { email = "nobody" }));
        var ben = await posted.SomebodyKnown();
        answers.AddRange([await ben.AsksWhoItIs(), await ben.SignsOut()]);

        Assert.All(answers, answer => Assert.True(answer.Headers.CacheControl?.NoStore, $"{answer.RequestMessage!.RequestUri}"));
    }

    [Fact]
    public async Task is_answered_the_same_when_it_is_sent_again_under_its_key()
    {
        var ana = await posted.SomebodyKnown();
        var (code, key) = (await ana.AsksForACode(), $"{Guid.NewGuid()}");

        var (first, again) = (await ana.SignsIn(code, key), await ana.SignsIn(code, key));

        Assert.Equal(PersonWithMail.CookieOf(first), PersonWithMail.CookieOf(again));
        Assert.Equal(await first.Bytes(), await again.Bytes());
        await (await ana.SignsIn(code, $"{key}-other")).IsRefused("unauthenticated", "reason", "unlock");
        await (await ana.SignsIn(code)).IsRefused("unauthenticated", "reason", "unlock");
        await (await ana.SignsIn(PersonWithMail.OtherThan(code), key)).IsRefused("unauthenticated", "reason", "unlock");
    }

    [Fact]
    public async Task is_over_for_good_once_one_signed_out_also_under_its_key()
    {
        var ana = await posted.SomebodyKnown();
        var (code, key) = (await ana.AsksForACode(), $"{Guid.NewGuid()}");
        ana.Cookie = PersonWithMail.CookieOf(await ana.SignsIn(code, key));

        await ana.SignsOut();

        await (await ana.SignsIn(code, key)).IsRefused("unauthenticated", "reason", "unlock");
    }

    [Fact]
    public async Task for_the_first_time_is_answered_the_same_when_it_is_sent_again_under_its_key()
    {
        var ana = posted.Somebody();
        var (code, key) = (await ana.AsksForACode(), $"{Guid.NewGuid()}");

        var (first, again) = (await ana.Onboards(code, key: key), await ana.Onboards(code, key: key));

        Assert.Equal(PersonWithMail.CookieOf(first), PersonWithMail.CookieOf(again));
        Assert.Equal(await first.Bytes(), await again.Bytes());
        await (await ana.Onboards(code, handle: "another-handle", key: key)).IsRefused("idempotency_conflict");
    }
}
