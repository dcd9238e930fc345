using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Hosting;
using Parle.Api.Mail;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Accounts;

/// An identity that signs in at a node with a new server key is stored under that key from then on.
public class AnIdentityUnderAnotherServerKey(TestCluster cluster)
{
    private readonly Mailbox mailbox = new();

    [Fact]
    public async Task is_linked_as_it_was_and_unlinked_with_what_it_opened_before()
    {
        var database = await cluster.NewDatabase();
        await using var before = await Node(database, ParleService.ServerKey);
        var ana = new PersonWithMail(before.Client(), mailbox);
        await ana.BecomesKnown();
        var other = new PersonWithMail(before.Client(), mailbox);
        await before.Provision(new([new(ana.Handle, Email: other.Email)]));
        other.Cookie = PersonWithMail.CookieOf(await other.SignsIn(await other.AsksForACode()));
        var linked = (await Identities(ana)).Select(Linked);

        await using var turned = await Node(database, ServerKeyFile.Fresh(), ParleService.ServerKey);
        await (await other.At(turned).SignsIn(await other.At(turned).AsksForACode())).Json(HttpStatusCode.Created);
        Assert.Equal(1, await turned.Scalar<long>("select count(*) from parle.identities where former is not null"));
        var identities = await Identities(ana.At(turned));
        Assert.Equal(["you", "operator"], identities.Select(one => one.Text("linked_by")));
        Assert.Equal(linked, identities.Select(Linked));

        await other.IsKnownAs(ana.Handle);
        await (await ana.At(turned).Send(HttpMethod.Post, $"/v/auth/identities/{identities[1].Text("identity_id")}/unlink", new { }))
            .IsEmptyWith(HttpStatusCode.NoContent);
        await (await other.AsksWhoItIs()).IsRefused("unauthenticated");
        await ana.IsKnownAs(ana.Handle);
        Assert.Equal("not_onboarded",
            (await (await other.At(turned).SignsIn(await other.At(turned).AsksForACode())).Refuses("unauthenticated")).Text("reason"));
    }

    private static (string LinkedBy, string LinkedAt) Linked(JsonElement identity) =>
        (identity.Text("linked_by"), identity.Text("linked_at"));

    private static async Task<IReadOnlyList<JsonElement>> Identities(PersonWithMail person) =>
        [.. (await (await person.Send(HttpMethod.Get, "/v/auth/identities")).Json(HttpStatusCode.OK)).GetProperty("identities")
            .EnumerateArray()];

    private Task<ParleService> Node(string database, string key, string others = "") => ParleService.Start(
        database, parts => parts.AddSingleton<IMailTransport>(mailbox), ("PARLE_SERVER_KEY", key), ("PARLE_SERVER_KEY_PREVIOUS", others));
}
