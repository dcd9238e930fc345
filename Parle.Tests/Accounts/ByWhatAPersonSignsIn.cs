using System.Net;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

public class ByWhatAPersonSignsIn(APostedService posted) : IClassFixture<APostedService>
{
    [Fact]
    public async Task is_listed_without_saying_what_it_is()
    {
        var ana = await posted.SomebodyKnown();
        await posted.Service.Provision(new([new(ana.Handle, Oidc: new("https://id.example", "ana-7"))]));

        var listed = await Identities(ana);
        listed[0].HasExactly("identity_id", "kind", "issuer", "linked_at", "linked_by", "operator");
        Assert.Equal([("email", null, "you"), ("oidc", "https://id.example", "operator")],
            listed.Select(one => (one.Text("kind"), one.GetProperty("issuer").GetString(), one.Text("linked_by"))));
        Assert.DoesNotContain(listed, one => one.GetRawText().Contains(ana.Email, StringComparison.Ordinal)
            || one.GetRawText().Contains("ana-7", StringComparison.Ordinal));
        Assert.Single(await Identities(await posted.SomebodyKnown()));
    }

    [Fact]
    public async Task is_unlinked_with_the_sessions_that_it_opened()
    {
        await using var node = await posted.AnotherNode();
        var ana = await posted.SomebodyKnown();
        var mine = ana.At(node); // Ana where an operator signed her in.
        mine.Cookie = (await posted.Service.Provision(
            new([new(ana.Handle, PersonSession: true, Email: $"{Guid.NewGuid():N}@example.org")]))).Principals[0].PersonSession;
        var first = (await Identities(mine))[0].Text("identity_id");
        var code = await ana.AsksForACode();

        await (await (await posted.SomebodyKnown())
            .Send(HttpMethod.Post, $"/v/auth/identities/{first}/unlink", new { even_the_last = true })).Refuses("not_found");
        await (await mine.Send(HttpMethod.Post, $"/v/auth/identities/{first}/unlink", new { })).IsEmptyWith(HttpStatusCode.NoContent);

        await (await ana.AsksWhoItIs()).IsRefused("unauthenticated");
        await mine.IsKnownAs(ana.Handle);
        Assert.Equal("not_onboarded", (await (await ana.SignsIn(code)).Refuses("unauthenticated")).Text("reason"));
        await (await mine.Send(HttpMethod.Post, $"/v/auth/identities/{first}/unlink", new { })).Refuses("not_found");

        // It is nobody's, and can be somebody's again.
        var next = new PersonWithMail(posted.Service.Client(), posted.Mailbox) { Email = ana.Email };
        await next.BecomesKnown();
        await next.IsKnownAs(next.Handle);
    }

    [Fact]
    public async Task is_not_unlinked_when_it_is_the_last_one_unless_that_is_meant()
    {
        var ana = await posted.SomebodyKnown();
        var only = (await Identities(ana))[0].Text("identity_id");
        foreach (var body in (object[])[new { }, new { even_the_last = false }])
        {
            Assert.Equal("last_identity", (await (await ana.Send(HttpMethod.Post, $"/v/auth/identities/{only}/unlink", body))
                .Refuses("validation_failed")).Text("reason"));
        }

        await ana.IsKnownAs(ana.Handle);
        await (await ana.Send(HttpMethod.Post, $"/v/auth/identities/{only}/unlink", new { even_the_last = true }))
            .IsEmptyWith(HttpStatusCode.NoContent);
        await (await ana.AsksWhoItIs()).IsRefused("unauthenticated");
    }

    private static async Task<IReadOnlyList<JsonElement>> Identities(PersonWithMail person) =>
        [.. (await (await person.Send(HttpMethod.Get, "/v/auth/identities")).Json(HttpStatusCode.OK)).GetProperty("identities")
            .EnumerateArray()];
}
