using Parle.Tests.Contract;

namespace Parle.Tests.Accounts;

public class GuessingCodes(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task for_one_address_is_bounded_whether_it_is_known_or_not()
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
}
