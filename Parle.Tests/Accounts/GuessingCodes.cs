using System.Net;
using Parle.Api.Accounts;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class GuessingCodes(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task for_one_address_from_one_place_is_bounded_whether_it_is_known_or_not()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:GuessesPerAddress", "2"));
        var (ana, ben) = ((await posted.SomebodyKnown()).At(node), posted.Somebody(node));

        var answers = new List<HttpResponseMessage>();
        foreach (var person in new[] { ana, ben })
        {
            await (await person.SignsIn("12345678")).IsRefused("unauthenticated", "reason", "unlock");
            await (await person.Onboards("12345678")).IsRefused("unauthenticated", "reason", "unlock");
            answers.Add(await person.SignsIn("12345678"));
            var error = await answers[^1].IsRefused("rate_limited");
            Assert.InRange(error.GetProperty("retry_after_ms").GetInt32(), 1, 600_000);
        }

        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        await posted.Somebody(node).BecomesKnown(); // Others are not held up.
    }

    [Fact]
    public async Task locks_nobody_out_who_is_elsewhere()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:GuessesPerAddress", "2"), ("FORWARDEDHEADERS_ENABLED", "true"));
        var (ana, ben) = (posted.Somebody(node), posted.Somebody(node));
        foreach (var (victim, status) in new[] { (ana, HttpStatusCode.Created), (ben, HttpStatusCode.Unauthorized) })
        {
            // A caller without a code learns no more than that.
            var code = status is HttpStatusCode.Created ? await AsksFrom("192.0.2.3", victim) : "12345678";
            foreach (var place in new[] { "192.0.2.1", "192.0.2.2" })
            {
                await (await TriesFrom(place, victim, "no code")).IsRefused("unauthenticated", "reason", "unlock");
                await (await TriesFrom(place, victim, "no code")).IsRefused("unauthenticated", "reason", "unlock");
                await (await TriesFrom(place, victim, "no code")).IsRefused("rate_limited");
            }

            Assert.Equal(status, (await TriesFrom("192.0.2.3", victim, code)).StatusCode);
        }
    }

    [Fact]
    public async Task from_many_places_is_compared_three_times_and_takes_no_try_from_whoever_asked()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:GuessesPerAddress", "1"), ("FORWARDEDHEADERS_ENABLED", "true"));
        var ana = posted.Somebody(node);
        var code = await AsksFrom("198.51.100.1", ana);
        for (var i = 1; i <= 40; i++)
        {
            await (await TriesFrom($"192.0.2.{i}", ana, PersonWithMail.OtherThan(code))).IsRefused("unauthenticated", "reason", "unlock");
        }

        // Also the right one is not looked at any more.
        await (await TriesFrom("192.0.2.41", ana, code)).IsRefused("unauthenticated", "reason", "unlock");
        await (await TriesFrom("198.51.100.1", ana, code)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task elsewhere_is_possible_a_few_times_for_who_changed_its_network()
    {
        await using var node = await posted.AnotherNode(("FORWARDEDHEADERS_ENABLED", "true"));
        var ana = posted.Somebody(node);
        var code = await AsksFrom("198.51.100.1", ana);
        for (var i = 1; i < EmailCodes.MaxWrongTriesOfOthers; i++)
        {
            await (await TriesFrom("192.0.2.1", ana, PersonWithMail.OtherThan(code))).IsRefused("unauthenticated", "reason", "unlock");
        }

        await (await TriesFrom("192.0.2.1", ana, code)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task of_a_neighbour_in_the_same_network_takes_nothing_from_a_browser()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:GuessesPerAddress", "4"));
        var (ana, mallory) = (posted.Somebody(node), posted.Somebody(node));
        ana.Cookie = await Browser(ana);
        for (var round = 0; round < 3; round++)
        {
            var code = await ana.AsksForACode();
            for (var i = 0; i < 2 * EmailCodes.MaxWrongTriesOfNetwork; i++)
            {
                var answer = await mallory.Send(
                    HttpMethod.Post, "/v/auth/email/complete", new { email = ana.Email, code = PersonWithMail.OtherThan(code) });
                Assert.Contains((int)answer.StatusCode, new[] { 401, 429 });
            }

            await (await (round == 0 ? ana.Onboards(code) : ana.SignsIn(code))).Json(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task by_the_browser_that_asked_ends_its_code_after_five()
    {
        var ana = posted.Somebody();
        ana.Cookie = await Browser(ana);
        var code = await ana.AsksForACode();
        for (var i = 0; i < EmailCodes.MaxWrongTries; i++)
        {
            await (await ana.Onboards(PersonWithMail.OtherThan(code))).IsRefused("unauthenticated", "reason", "unlock");
        }

        await (await ana.Onboards(code)).IsRefused("unauthenticated", "reason", "unlock");
    }

    [Fact]
    public async Task from_one_place_is_bounded_over_all_addresses()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:GuessesPerClient", "3"));
        for (var i = 0; i < 3; i++)
        {
            await (await posted.Somebody(node).SignsIn("12345678")).IsRefused("unauthenticated", "reason", "unlock");
        }

        await (await posted.Somebody(node).SignsIn("12345678")).IsRefused("rate_limited");
    }

    [Fact]
    public async Task is_not_bounded_where_that_is_switched_off()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:GuessesPerAddress", "0"));
        var ana = posted.Somebody(node);
        for (var i = 0; i < 30; i++)
        {
            await (await ana.SignsIn("12345678")).IsRefused("unauthenticated", "reason", "unlock");
        }
    }

    // The first start hands the browser its cookie.
    private static async Task<string> Browser(PersonWithMail person)
    {
        var answer = await person.Send(HttpMethod.Post, "/v/auth/email/start", new { email = $"{Guid.NewGuid():N}@example.org" });
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Matches(
            "^__Host-parle_browser=parle_brw_[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000$", cookie);
        return cookie.Split(';')[0];
    }

    private async Task<string> AsksFrom(string place, PersonWithMail person)
    {
        await (await person.Send(HttpMethod.Post, "/v/auth/email/start", new { email = person.Email }, headers: ("X-Forwarded-For", place)))
            .Json(HttpStatusCode.Accepted);
        return await posted.Mailbox.Code(person.Email);
    }

    private static Task<HttpResponseMessage> TriesFrom(string place, PersonWithMail person, string code) =>
        person.Send(HttpMethod.Post, "/v/onboarding/complete", new { email = person.Email, code, handle = person.Handle },
            headers: ("X-Forwarded-For", place));
}
