using System.Net;
using Parle.Tests.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

public class ATokenWithUses(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task is_used_once_when_fifty_try_at_two_nodes()
    {
        var owner = await TokenOwner.At(nodes.A);
        var token = await owner.Mints(new { room_id = owner.RoomID, uses = 1 });
        var (atA, atB) = (owner.Agent.With(token, nodes.A.Client()), owner.Agent.With(token, nodes.B.Client()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? atA : atB).Say($"try {i}")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        foreach (var refused in answers.Where(answer => answer.StatusCode is not HttpStatusCode.Created))
        {
            Assert.Equal("token_used_up", (await refused.IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        }

        Assert.Equal(1, await nodes.A.Count(owner.RoomID, "message_submitted"));
        Assert.Equal(1, (await owner.Lists())[0].GetProperty("used").GetInt32());
    }

    [Fact]
    public async Task counts_what_children_do_at_any_node_against_all_above_them()
    {
        var owner = await TokenOwner.At(nodes.A);
        var parent = owner.Agent.With(await owner.Mints(new { room_id = owner.RoomID, uses = 5 }), nodes.A.Client());
        var children = new[]
        {
            await parent.Narrowed(nodes.A, new { uses = 4 }), await parent.Narrowed(nodes.B, new { uses = 4 }),
            await parent.Narrowed(nodes.B, new { })
        };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(async i => (Child: i % 3, Answer: await children[i % 3].Say($"try {i}"))));

        Assert.Equal(5, answers.Count(one => one.Answer.StatusCode is HttpStatusCode.Created));
        Assert.All(answers.Where(one => one.Child < 2).GroupBy(one => one.Child),
            child => Assert.InRange(child.Count(one => one.Answer.StatusCode is HttpStatusCode.Created), 0, 4));
        await (await parent.Say("one more")).IsRefused("forbidden", "reason", "unlock");
        await (await owner.Agent.Say("from above")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task is_not_used_by_a_retry_nor_by_what_is_refused()
    {
        var owner = await TokenOwner.At(nodes.A);
        var token = await owner.Mints(new { room_id = owner.RoomID, uses = 2 });
        var (atA, atB) = (owner.Agent.With(token, nodes.A.Client()), owner.Agent.With(token, nodes.B.Client()));

        await (await atA.Say("nobody hears it", "lost", to: "@nobody.helper")).IsRefused("address_not_deliverable");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? atA : atB).Say("once", "key")));
        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        await (await atB.Say("twice")).Json(HttpStatusCode.Created);

        await (await atA.Say("once", "key")).Json(HttpStatusCode.OK); // Used up, and the answer is still there.
        await (await atA.Say("something else", "key")).IsRefused("idempotency_conflict");
        await (await atA.Say("thrice")).IsRefused("forbidden", "reason", "unlock");
    }

    [Fact]
    public async Task is_used_by_replies_and_by_acts_on_asks_and_never_by_reading()
    {
        var owner = await TokenOwner.At(nodes.A);
        var token = await owner.Agent.Narrowed(nodes.A, new { uses = 3 });
        await owner.Ben.Tell(token.Address, "What do you say?");
        var ask = await owner.Ben.Opens(Asking.Help());

        await token.Read();
        await (await token.Reply((await token.Drain()).Messages()[0], "This.")).Json(HttpStatusCode.Created);
        await token.Does(ask, "claim");
        var own = await token.Opens(Asking.Help());
        foreach (var act in (Func<Task<HttpResponseMessage>>[])[() => token.Try(own, "withdraw"), () => token.Try(ask, "release"),
            () => token.Ask(Asking.Help()), () => token.Say("more")])
        {
            Assert.Equal("token_used_up", (await (await act()).IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        }

        await token.Read();
        Assert.Single((await token.Drain()).Messages());
        await (await token.Ack(Assert.Single((await token.Drain()).Messages()))).Json(HttpStatusCode.OK);
    }

    [Fact]
    public async Task is_used_by_managing_the_room_too()
    {
        var owner = await TokenOwner.At(nodes.A);
        var manager = owner.Agent.With(
            await owner.Mints(new { room_id = owner.RoomID, scopes = (string[])["participate", "invite_mint"], uses = 1 }),
            nodes.A.Client());
        var keys = $"/v/rooms/{owner.RoomID}/join-keys";
        await (await manager.Send(HttpMethod.Post, keys, "{}")).Json(HttpStatusCode.Created);

        Assert.Equal("token_used_up",
            (await (await manager.Send(HttpMethod.Post, keys, "{}")).IsRefused("forbidden", "reason", "unlock")).Text("reason"));
        Assert.Contains(
            await Offer.All(manager), offer => offer is { Action.Id: "mint_join_key", Allowed: false, Reason: "token_used_up" });
    }

    /// A join key's secret too belongs to the token that made it: a narrower one must not be answered with what a wider one's key opens.
    [Fact]
    public async Task is_not_answered_with_a_join_key_of_another_token()
    {
        var owner = await TokenOwner.At(nodes.A);
        var wide = owner.Agent.With(
            await owner.Mints(new { room_id = owner.RoomID, scopes = (string[])["participate", "invite_mint"] }), nodes.A.Client());
        var narrow = await wide.Narrowed(nodes.A, new { actions = (string[])["mint_join_key"] });
        var keys = $"/v/rooms/{owner.RoomID}/join-keys";
        var first = await (await wide.Send(HttpMethod.Post, keys, "{}", "key")).Json(HttpStatusCode.Created);

        var other = await (await narrow.Send(HttpMethod.Post, keys, "{}", "key")).Json(HttpStatusCode.Created);

        Assert.DoesNotContain(first.EnumerateObject().First(member => member.Value.ValueKind is System.Text.Json.JsonValueKind.String
            && member.Value.GetString()!.StartsWith("parle_join_", StringComparison.Ordinal)).Value.GetString()!,
            other.GetRawText(), StringComparison.Ordinal);
        await (await wide.Send(HttpMethod.Post, keys, "{}", "key")).Json(HttpStatusCode.OK);
    }

    /// Law 7.
    [Fact]
    public async Task is_offered_nothing_to_record_once_it_is_used_up()
    {
        var owner = await TokenOwner.At(nodes.A);
        await owner.Ben.Opens(Asking.Help());
        var parent = await owner.Agent.Narrowed(nodes.A, new { uses = 2 });
        var token = await parent.Narrowed(nodes.A, new { uses = 1 });
        Assert.Contains(await Offer.All(token), offer => offer is { Action.Id: "post_message", Allowed: true });
        await (await token.Say("once")).Json(HttpStatusCode.Created);

        var offers = await Offer.All(token);
        Assert.All(offers.Where(offer => offer.Action.IsUse), offer => Assert.Equal(
            (false, !offer.Action.NeedsScope ? "token_used_up" : "missing_scope"), (offer.Allowed, offer.Reason)));
        foreach (var withheld in offers.Where(offer => !offer.Allowed && offer.Action.IsUse))
        {
            await withheld.IsRefused(token);
        }

        Assert.Contains(await Offer.All(parent), offer => offer is { Action.Id: "post_message", Allowed: true });
        await (await parent.Say("twice")).Json(HttpStatusCode.Created);
        Assert.Contains(await Offer.All(parent), offer => offer is { Action.Id: "post_message", Reason: "token_used_up" });
    }

    [Fact]
    public async Task opens_no_rooms_of_its_own_for_those_are_not_counted()
    {
        var wide = (await nodes.A.NewOwnedRoom(1, "create_room")).Agents[0];
        var token = await wide.Narrowed(nodes.A, new { uses = 1 });

        Assert.Equal("not_in_token",
            (await (await token.Send(HttpMethod.Post, "/v/rooms", """{"kind":"shared"}""")).Refuses("forbidden")).Text("reason"));
        await (await wide.Send(HttpMethod.Post, "/v/rooms", """{"kind":"shared"}""")).Json(HttpStatusCode.Created);
    }
}
