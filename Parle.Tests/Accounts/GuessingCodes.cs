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
            var code = status is HttpStatusCode.Created ? await victim.AsksForACode() : "12345678"; // Who has no code is told no more than that.
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
    public async Task from_many_places_ends_the_code_after_five_and_not_the_next_one()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:GuessesPerAddress", "1"), ("FORWARDEDHEADERS_ENABLED", "true"));
        var ana = posted.Somebody(node);
        var code = await ana.AsksForACode();
        for (var i = 1; i <= EmailCodes.MaxWrongTries; i++)
        {
            await (await TriesFrom($"192.0.2.{i}", ana, PersonWithMail.OtherThan(code))).IsRefused("unauthenticated", "reason", "unlock");
        }

        await (await TriesFrom("192.0.2.6", ana, code)).IsRefused("unauthenticated", "reason", "unlock");
        await (await TriesFrom("192.0.2.7", ana, await ana.AsksForACode())).Json(HttpStatusCode.Created);
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

    private static Task<HttpResponseMessage> TriesFrom(string place, PersonWithMail person, string code) =>
        person.Send(HttpMethod.Post, "/v/onboarding/complete", new { email = person.Email, code, handle = person.Handle }, headers: ("X-Forwarded-For", place));
}
