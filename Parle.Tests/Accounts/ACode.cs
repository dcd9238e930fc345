using System.Net;
using Parle.Api.Accounts;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class ACode(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task has_eight_digits() => Assert.Matches("^[0-9]{8}$", await posted.Somebody().AsksForACode());

    [Fact]
    public async Task works_once()
    {
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();
        await (await ana.SignsIn(code)).Json(HttpStatusCode.Created);

        await IsInvalid(await ana.SignsIn(code));
        await IsInvalid(await ana.Onboards(code));
    }

    [Fact]
    public async Task works_once_when_several_send_it_at_once_to_two_nodes()
    {
        await using var other = await posted.AnotherNode();
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();

        var answers = await Task.WhenAll(ana.SignsIn(code), ana.At(other).SignsIn(code), ana.SignsIn(code), ana.At(other).SignsIn(code));

        Assert.Equal([201, 401, 401, 401], answers.Select(answer => (int)answer.StatusCode).Order());
    }

    [Fact]
    public async Task of_one_node_works_at_another()
    {
        await using var other = await posted.AnotherNode();
        var ana = posted.Somebody();
        await (await ana.At(other).Onboards(await ana.AsksForACode(), ana.Handle)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task stands_beside_those_before_and_after_it()
    {
        var ana = await posted.SomebodyKnown();
        var (older, newer) = (await ana.AsksForACode(), await ana.AsksForACode());

        await (await ana.SignsIn(older)).Json(HttpStatusCode.Created);
        await (await ana.SignsIn(newer)).Json(HttpStatusCode.Created);
        await IsInvalid(await ana.SignsIn(older));
    }

    [Fact]
    public async Task is_for_its_address_alone()
    {
        var (ana, ben) = (await posted.SomebodyKnown(), await posted.SomebodyKnown());
        var (anas, bens) = (await ana.AsksForACode(), await ben.AsksForACode());
        Assert.NotEqual(anas, bens);

        await IsInvalid(await ana.SignsIn(bens));
    }

    [Fact]
    public async Task lives_ten_minutes()
    {
        var (ana, ben) = (await posted.SomebodyKnown(), await posted.SomebodyKnown());
        var (anas, bens) = (await ana.AsksForACode(), await ben.AsksForACode());

        posted.Pass(EmailCodes.Life - TimeSpan.FromMinutes(1));
        await (await ana.SignsIn(anas)).Json(HttpStatusCode.Created);
        posted.Pass(TimeSpan.FromMinutes(1));
        await IsInvalid(await ben.SignsIn(bens));
    }

    [Fact]
    public async Task survives_one_wrong_try_less_than_its_network_has()
    {
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();
        await Guess(ana, code, times: EmailCodes.MaxWrongTriesOfNetwork - 1);

        await (await ana.SignsIn(code)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task is_dead_after_ten_wrong_tries_from_its_network()
    {
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();
        await Guess(ana, code, times: EmailCodes.MaxWrongTriesOfNetwork);

        await IsInvalid(await ana.SignsIn(code));
        await IsInvalid(await ana.Onboards(code));
    }

    [Fact]
    public async Task is_dead_after_ten_wrong_tries_at_once_on_two_nodes()
    {
        await using var other = await posted.AnotherNode();
        var ana = await posted.SomebodyKnown();
        var code = await ana.AsksForACode();

        await Task.WhenAll(Guess(ana, code, times: 5), Guess(ana.At(other), code, times: 5));

        await IsInvalid(await ana.SignsIn(code));
    }

    [Fact]
    public async Task is_a_code_and_nothing_else()
    {
        var ana = posted.Somebody();
        await (await ana.SignsIn("")).IsRefused("validation_failed");
        await (await ana.Send(HttpMethod.Post, "/v/auth/email/complete", new { email = ana.Email })).IsRefused("validation_failed");
        await (await ana.Send(HttpMethod.Post, "/v/auth/email/complete", new { email = "nobody", code = "12345678" }))
            .IsRefused("validation_failed");
        await IsInvalid(await ana.SignsIn("１２３４５６７８"));
    }

    private static async Task Guess(PersonWithMail person, string code, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await IsInvalid(await person.SignsIn(PersonWithMail.OtherThan(code)));
        }
    }

    private static async Task IsInvalid(HttpResponseMessage answer) =>
        Assert.Equal("invalid_code", (await answer.IsRefused("unauthenticated", "reason", "unlock")).Text("reason"));
}
