using System.Net;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

/// An attacker that knows only an address takes nothing from the reader of its mail.
public class SigningInUnderAttack(APostedService posted) : IClassFixture<APostedService>
{
    private static readonly (string, string) behindProxy = ("FORWARDEDHEADERS_ENABLED", "true");

    [Fact]
    public async Task works_after_a_stranger_of_the_same_network_asked_and_guessed()
    {
        await using var node = await posted.AnotherNode();
        var ana = (await posted.SomebodyKnown()).At(node);
        for (var i = 0; i < 4; i++)
        {
            await ana.AsksForACode(); // By the stranger; the mail is Ana's.
            for (var guess = 0; guess < 4; guess++)
            {
                await ana.SignsIn("00000000");
            }
        }

        await (await ana.SignsIn(await ana.AsksForACode())).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task works_while_strangers_use_up_what_they_can_have_mailed_there()
    {
        await using var node = await posted.AnotherNode(
            ("Parle:Limits:CodesPerAddressADay", "6"), ("Parle:Limits:CodesKeptForOthersADay", "3"), behindProxy);
        var ana = (await posted.SomebodyKnown()).At(node);
        var mailed = 0;
        for (var place = 1; place <= 20; place++)
        {
            var answer = await From($"192.0.2.{place}", ana, "/v/auth/email/start", new { email = ana.Email });
            mailed += answer.StatusCode is HttpStatusCode.Accepted ? 1 : 0;
            Assert.Equal(answer.StatusCode is HttpStatusCode.Accepted, mailed == place); // None after the first that was refused.
        }

        Assert.Equal(6 + 3, mailed); // A bound for all of them together.
        // Told, not left without a mail.
        await (await From("198.51.100.1", ana, "/v/auth/email/start", new { email = ana.Email })).IsRefused("rate_limited");
    }

    [Fact]
    public async Task works_from_another_network_when_one_used_up_the_strangers_share()
    {
        await using var node = await posted.AnotherNode(
            ("Parle:Limits:CodesPerAddress", "0"), ("Parle:Limits:CodesPerAddressADay", "3"), behindProxy);
        var ana = (await posted.SomebodyKnown()).At(node);
        HttpResponseMessage last;
        do
        {
            last = await From("192.0.2.1", ana, "/v/auth/email/start", new { email = ana.Email });
        }
        while (last.StatusCode is HttpStatusCode.Accepted);

        var before = posted.Mailbox.Letters.Count(letter => letter.To.Text == ana.Email);
        await (await From("198.51.100.1", ana, "/v/auth/email/start", new { email = ana.Email })).Json(HttpStatusCode.Accepted);
        await Mails(ana, before + 1);
        var code = Mailbox.CodeIn(posted.Mailbox.Letters.Last(letter => letter.To.Text == ana.Email).Text);
        await (await From("198.51.100.1", ana, "/v/auth/email/complete", new { email = ana.Email, code })).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task works_for_a_browser_that_signed_in_before_whatever_strangers_do()
    {
        await using var node = await posted.AnotherNode(
            ("Parle:Limits:CodesPerAddress", "2"), ("Parle:Limits:CodesPerAddressADay", "3"), ("Parle:Limits:CodesPerClient", "2"));
        var ana = posted.Somebody(node);
        var started = await ana.Send(HttpMethod.Post, "/v/onboarding/start", new { email = ana.Email });
        ana.Cookie = started.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await (await ana.Onboards(await posted.Mailbox.Code(ana.Email))).Json(HttpStatusCode.Created);

        var mallory = new PersonWithMail(node.Client(), posted.Mailbox) { Email = ana.Email };
        var refused = 0;
        for (var i = 0; i < 12; i++)
        {
            refused += (await mallory.Send(
                HttpMethod.Post, "/v/auth/email/start", new { email = ana.Email })).StatusCode is HttpStatusCode.TooManyRequests ? 1 : 0;
            await mallory.SignsIn("00000000");
        }

        Assert.True(refused > 0, "The stranger is not held up: nothing is tried here.");
        var before = posted.Mailbox.Letters.Count(letter => letter.To.Text == ana.Email);
        await (await ana.Send(HttpMethod.Post, "/v/auth/email/start", new { email = ana.Email })).Json(HttpStatusCode.Accepted);
        await Mails(ana, before + 1);
        await (await ana.SignsIn(Mailbox.CodeIn(posted.Mailbox.Letters.Last(letter => letter.To.Text == ana.Email).Text)))
            .Json(HttpStatusCode.Created);
    }

    // So many have come.
    private async Task Mails(PersonWithMail person, int count)
    {
        for (var read = posted.Mailbox.Letters.Count(letter => letter.To.Text == person.Email); read < count;
            read = posted.Mailbox.Letters.Count(letter => letter.To.Text == person.Email))
        {
            await posted.Mailbox.Next(person.Email);
        }
    }

    private static Task<HttpResponseMessage> From(string place, PersonWithMail person, string path, object body) =>
        person.Send(HttpMethod.Post, path, body, headers: ("X-Forwarded-For", place));
}
