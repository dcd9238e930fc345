using System.Net;
using System.Text.Json;
using Parle.Api;
using Parle.Api.Aliases;
using Parle.Api.Asks;
using Parle.Api.Delivery;
using Parle.Api.Invitations;
using Parle.Api.Provisioning;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Laws;

/// Law 7.
public class AnAffordance(TestCluster cluster)
{
    public static TheoryData<string> ActionsInRooms => new(Actions.All.Where(action => action.NeedsSeat).Select(action => action.Id));

    // A reply needs a row that still waits, a setting an alias that was claimed, and the end comes last.
    internal static readonly List<ParleAction> LastOf = [
        DeliveryActions.PostReply, DeliveryActions.AckResponsiveDelivery, AliasActions.ClaimAlias, AliasActions.ReadOfflineDelivery,
        AliasActions.DisableOfflineDelivery, AliasActions.ReadRoomOfflineDelivery, AliasActions.DisableRoomOfflineDelivery,
        SessionActions.EndSession];

    [Fact]
    public async Task is_offered_exactly_when_an_attempt_succeeds()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.All, History.FromAdmission);
        var agent = room.Agents[0];
        await (await room.Agents[1].Say("What do you say?", to: agent.Address)).Json(HttpStatusCode.Created);
        var asks =
            new[] { await agent.Opens(Asking.Review().With("context", Asking.Packet("a"))), await room.Agents[1].Opens(Asking.Logs()) };
        await agent.Narrows(new { }); // One to take back.
        var offers = await Offer.All(agent);

        Assert.Equal(
            [
                .. Actions.All.Where(action => action.Agent is not null && !action.NamesAsk)
                    .SelectMany(
                        action => Enumerable.Repeat(((Guid?)null, action.Id), action == AskActions.OpenAsk ? AskKinds.All.Count : 1)),
                .. asks.OrderDescending()
                    .SelectMany(ask => Actions.All.Where(action => action.NamesAsk).Select(action => ((Guid?)ask, action.Id))),
            ],
            offers.Select(offer => (offer.AskID, offer.Action.Id)));
        foreach (var withheld in offers.Where(offer => !offer.Allowed))
        {
            await withheld.IsRefused(agent);
        }

        foreach (var offered in offers.Where(offer => offer.Allowed).OrderBy(offer => LastOf.IndexOf(offer.Action)))
        {
            // An earlier act may have made it impossible, or have ended the ask; then it is not offered any more.
            if ((await Offer.All(agent)).SingleOrDefault(offer => offer.IsSameAs(offered)) is { Allowed: true } still)
            {
                await still.Succeeds(agent);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ActionsInRooms))]
    public async Task is_not_for_a_token_without_the_scope(string id)
    {
        var agent = await WithScopes("invite_mint");

        var error = await (await Attempt(Named(id), agent, agent.RoomID)).Refuses("forbidden");

        Assert.Equal("missing_scope", error.GetProperty("reason").GetString());
        Assert.Contains("participate", error.GetProperty("unlock").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_needs_no_room_is_for_a_token_without_the_scope()
    {
        var agent = await WithScopes("invite_mint");
        foreach (var action in Actions.All.Where(action => !action.InRoom && action.NeedsAgent && !action.IsForPeople
            && action != InvitationActions.ClaimAgent).OrderBy(action => action == TokenActions.RevokeToken).ThenBy(LastOf.IndexOf))
        {
            using var attempt = await Attempt(action, agent, agent.RoomID);
            Assert.True(attempt.IsSuccessStatusCode, $"{action.Id} was answered {attempt.StatusCode}.");
        }
    }

    [Theory]
    [MemberData(nameof(ActionsInRooms))]
    public async Task ends_with_the_session(string id)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission);
        var agent = room.Agents[0];
        await (await Attempt(SessionActions.EndSession, agent, room.RoomID)).Json(HttpStatusCode.NoContent);

        await (await Attempt(Named(id), agent, room.RoomID)).Refuses("agent_session_ended");
    }

    /// Does what the registry says, with its own example for a body.
    internal static Task<HttpResponseMessage> Attempt(ParleAction action, TestAgent agent, Guid roomID) =>
        Attempt(action, agent, roomID.ToString());

    internal static async Task<HttpResponseMessage> Attempt(
        ParleAction action, TestAgent agent, string room, string? body = null, Guid? ask = null, Guid? item = null) => await agent.Send(
            new(action.Method),
            action.Path.Replace("{room}", room, StringComparison.Ordinal)
                .Replace("{session}", agent.SessionID.ToString(), StringComparison.Ordinal)
                .Replace("{token_id}", action == TokenActions.RevokeToken ? $"{await agent.TokenID()}" : "", StringComparison.Ordinal)
                .Replace("{alias}", Api.Aliases.ClaimAliasRequest.Example.Alias, StringComparison.Ordinal)
                .Replace("{seat}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
                .Replace("{participant}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
                .Replace("{ask}", (ask ?? Guid.NewGuid()).ToString(), StringComparison.Ordinal)
                .Replace("{item}", (item ?? Guid.NewGuid()).ToString(), StringComparison.Ordinal),
            body ?? (action.BodyExample is null
                ? null : JsonSerializer.Serialize(action.BodyExample, action.Body!, Api.Wire.WireJson.Options)),
            action.Idempotent ? Guid.NewGuid().ToString() : null);

    private static ParleAction Named(string id) => Actions.All.Single(action => action.Id == id);

    /// An agent that has a seat and a session, and a token that allows only this.
    private async Task<TestAgent> WithScopes(params string[] scopes)
    {
        var service = await cluster.Service;
        var handle = $"p{Guid.NewGuid():N}"[..16];
        var provisioned = await service.Provision(new(
            [new(handle)], [new(handle, "helper")],
            [new ProvisionRoom("build", handle, RoomKind.Shared, [new($"@{handle}.helper")],
                [new($"@{handle}.helper", scopes), new($"@{handle}.helper")])]));
        var room = provisioned.Rooms[0];

        // The session enters with a token that may, so that nothing but the scope stands in the way.
        var (narrow, wide) = (new TestAgent(service.Client(), room.RoomID, room.Tokens[0].Token!),
            new TestAgent(service.Client(), room.RoomID, room.Tokens[1].Token!));
        await narrow.StartSession();
        wide.Credential = narrow.Credential;
        await wide.Enter();
        return narrow;
    }
}
