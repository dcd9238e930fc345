using System.Net;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class AskingForACode(APostedService posted, TestCluster cluster) : IClassFixture<APostedService>
{
    public static TheoryData<string> Paths => ["/v/onboarding/start", "/v/auth/email/start"];

    [Theory, MemberData(nameof(Paths))]
    public async Task is_answered_the_same_for_every_address(string path)
    {
        var (ana, ben) = (await posted.SomebodyKnown(), posted.Somebody());

        var answers = new[] { await Ask(ana, path), await Ask(ben, path), await Ask(ana, path) };

        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        Assert.NotEmpty((await answers[0].Json(HttpStatusCode.Accepted)).Text("status"));
        foreach (var address in new[] { ana.Email, ben.Email, ana.Email })
        {
            Assert.Matches("^[0-9]{8}$", await posted.Mailbox.Code(address));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task takes_an_address(string path)
    {
        await (await posted.Somebody().Send(HttpMethod.Post, path, new { email = "nobody" })).IsRefused("validation_failed");
        await (await posted.Somebody().Send(HttpMethod.Post, path, new { })).IsRefused("validation_failed");
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task cannot_be_answered_without_a_way_to_send_mail(string path)
    {
        var known = await posted.SomebodyKnown();
        using var client = (await cluster.Service).Client();
        var there = new PersonWithMail(client, posted.Mailbox) { Email = known.Email };

        var answers = new[] { await Ask(there, path), await Ask(new(client, posted.Mailbox), path) };

        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Bytes()))).Distinct());
        Assert.Equal("mail_not_configured", (await answers[0].IsRefused("service_unavailable", "reason", "unlock")).Text("reason"));
    }

    [Fact]
    public async Task again_and_again_is_refused_aloud_for_known_and_unknown_alike()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:CodesPerAddress", "2"));
        var (ana, ben) = (posted.Somebody(node), (await posted.SomebodyKnown()).At(node));
        var refusals = new List<string>();
        foreach (var person in new[] { ana, ben })
        {
            foreach (var _ in Enumerable.Range(0, 3)) // Two, and one from the reserve.
            {
                await (await Ask(person)).Json(HttpStatusCode.Accepted);
            }

            var error = await (await Ask(person)).IsRefused("rate_limited");
            Assert.InRange(error.GetProperty("retry_after_ms").GetInt32(), 1, 600_000);
            refusals.Add(error.Text("message"));
        }

        Assert.Single(refusals.Distinct());
        var first = await posted.Mailbox.Code(ana.Email);
        await (await ana.Onboards(first)).Json(HttpStatusCode.Created); // The first code stays valid.
        await posted.Somebody(node).BecomesKnown(); // And whoever else asks gets a code.
        Assert.Equal(3, posted.Mailbox.Letters.Count(letter => letter.To.Text == ana.Email));
    }

    [Fact]
    public async Task from_one_place_for_ever_more_addresses_is_refused()
    {
        await using var node = await posted.AnotherNode(("Parle:Limits:CodesPerClient", "2"));
        await posted.Somebody(node).AsksForACode();
        await posted.Somebody(node).AsksForACode();

        var error = await (await Ask(posted.Somebody(node))).IsRefused("rate_limited");
        Assert.InRange(error.GetProperty("retry_after_ms").GetInt32(), 1, 600_000);
    }

    [Fact]
    public async Task takes_nothing_from_who_is_signed_in()
    {
        var ana = await posted.SomebodyKnown();
        await ana.AsksForACode();
        await ana.IsKnownAs(ana.Handle);
    }

    private static Task<HttpResponseMessage> Ask(PersonWithMail person, string path = "/v/auth/email/start") =>
        person.Send(HttpMethod.Post, path, new { email = person.Email });
}
