using System.Net;
using Parle.Api.Provisioning;
using Parle.Domain.Rooms;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Tokens;

/// A session ends with the token that started it, and with any token above that (design §8).
public class SessionsOfAToken(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Theory, InlineData("its person"), InlineData("itself"), InlineData("the token above")]
    public async Task end_at_once_on_every_node_when_it_is_taken_back_by(string whom)
    {
        await nodes.HearEachOther();
        var owner = await TokenOwner.At(nodes.A);
        var above = await owner.Agent.Narrows(new { });
        var holder = owner.Agent.With(above, nodes.A.Client());
        var minted = await holder.Narrows(new { });
        var run = await Run(owner.Agent.With(minted, nodes.A.Client()));
        var below = await Run(await run.Narrowed(nodes.B, new { }));
        var other = await Run(holder);
        var cursor = (await run.Read()).GetProperty("watermark").GetInt64();

        // The same run with a token that goes on: the run does not.
        var carried = new TestAgent(nodes.B.Client(), run.RoomID, owner.Agent.Token) { Credential = run.Credential };
        using var rows = await Frames.OfRoom(carried, cursor);
        using var wakes = await Frames.OfWake(carried);
        var poll = carried.Send(HttpMethod.Get, $"{carried.Projection}?since_seq={cursor}&wait=30");
        await (await owner.Ben.Say("still there?", to: run.Address)).Json(HttpStatusCode.Created);
        await (await poll).Json(HttpStatusCode.OK);
        poll = carried.Send(HttpMethod.Get, $"{carried.Projection}?since_seq={cursor + 1}&wait=30");

        await (whom switch
        {
            "its person" => await owner.Revoke(minted),
            "itself" => await run.TryRevoke(minted),
            _ => await holder.TryRevoke(minted),
        }).IsEmptyWith(HttpStatusCode.NoContent);

        foreach (var ended in (TestAgent[])[run, below])
        {
            await (await ended.Send(HttpMethod.Get, "/v/agent/self")).IsRefused("invalid_agent_token");
            var still = new TestAgent(nodes.B.Client(), run.RoomID, owner.Agent.Token) { Credential = ended.Credential };
            await (await still.Send(HttpMethod.Get, still.Projection)).IsRefused("agent_session_ended");
            await (await owner.Ben.Say("anybody?", to: ended.Address)).IsRefused("address_not_deliverable");
            await (await owner.Ben.At(nodes.B.Client()).Say("anybody?", to: ended.Address)).IsRefused("address_not_deliverable");
            Assert.Equal("token_revoked", await nodes.A.Scalar<string>(
                "select data->>'reason' from parle.mt_events where stream_id = $1 and type = 'session_ended'", ended.SessionID));
        }

        await (await poll).IsRefused("agent_session_ended");
        Assert.DoesNotContain(await rows.ToEnd(), row => row.Contains("anybody?", StringComparison.Ordinal));
        await wakes.ToEnd();
        Assert.Equal(new[] { owner.Agent.SessionID, other.SessionID }.Order(), (await Live(owner.Agent)).Order());
        await other.Read();
    }

    /// With its session revoked in the same moment, no start slips through.
    [Fact]
    public async Task are_none_after_it_was_taken_back_while_they_started()
    {
        var owner = await TokenOwner.At(nodes.A);
        for (var round = 0; round < 3; round++)
        {
            var minted = await owner.Mints();
            var starts = Enumerable.Range(0, 8).Select(i => owner.Agent.With(minted, (i % 2 == 0 ? nodes.A : nodes.B).Client())
                .Send(HttpMethod.Post, "/v/agent/sessions", "{}")).ToList();
            var revoked = owner.Revoke(minted);
            foreach (var answer in await Task.WhenAll(starts))
            {
                Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable,
                    $"{answer.StatusCode}");
            }

            await (await revoked).IsEmptyWith(HttpStatusCode.NoContent);
            Assert.Equal([owner.Agent.SessionID], await Live(owner.Agent));
        }
    }

    [Fact]
    public async Task live_no_longer_than_it_does()
    {
        var owner = await TokenOwner.At(nodes.A);
        var minted = await owner.Mints(new { room_id = owner.RoomID, ttl_seconds = 3600 });
        var started = await owner.Agent.With(minted, nodes.A.Client()).Again().StartSession();
        var child = await owner.Agent.With(minted, nodes.A.Client()).Narrowed(nodes.A, new { ttl_seconds = 1800 });

        Assert.Equal(minted.Timestamp("expires_at"), started.Timestamp("expires_at"), TimeSpan.FromMilliseconds(1));
        Assert.True((await child.Again().StartSession()).Timestamp("expires_at") < minted.Timestamp("expires_at"));
        var wide = await owner.Agent.Again().StartSession();
        Assert.Equal(wide.Timestamp("created_at").AddHours(12), wide.Timestamp("expires_at"), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task of_guests_that_a_deleted_agent_brought_in_end_with_it()
    {
        var host = await nodes.A.NewOwnedRoom(2, "invite_mint");
        var seat = await host.Owner.SeatOf(host.Agents[1]);
        await (await host.Owner.Post($"/v/rooms/{host.RoomID}/seats/{seat}/rights", new { right_name = "invite_members" }))
            .Json(HttpStatusCode.Created);
        var key = await (await host.Agents[1].Send(HttpMethod.Post, $"/v/rooms/{host.RoomID}/join-keys", "{}"))
            .Json(HttpStatusCode.Created);
        var joined = await (await nodes.A.Client().PostAsync("/v/join",
            new StringContent($$"""{"key":"{{key.Text("key")}}","agent_handle":"guest"}""", System.Text.Encoding.UTF8, "application/json")))
            .Json(HttpStatusCode.Created);
        var guest = await Run(new(nodes.A.Client(), host.RoomID, joined.Text("token")));

        await (await host.People[1].Delete($"/v/agents/{await nodes.A.IDOfAgent(host.Agents[1])}")).IsEmptyWith(HttpStatusCode.NoContent);

        await Crash.Until.Holds(async () => await nodes.A.Count(guest.SessionID, "session_ended") == 1);
        await Crash.Until.Holds(
            async () => (await host.Agents[0].Say("anybody?", to: guest.Address)).StatusCode is HttpStatusCode.UnprocessableEntity);
    }

    [Theory, InlineData("seat"), InlineData("room")]
    public async Task end_with_the_seat_that_it_opened_the_room_with(string what)
    {
        var (owner, ben, _) = await BenInTwoRooms(alsoInTheSecond: false);

        await (await End(what, owner, ben)).IsEmptyWith(HttpStatusCode.NoContent);

        await Crash.Until.Holds(async () => await nodes.A.Count(ben.SessionID, "session_ended") == 1);
    }

    /// Law 10: whoever manages one room takes nobody out of another's.
    [Theory, InlineData("seat"), InlineData("room")]
    public async Task go_on_in_another_room_when_a_room_is_closed_to_them(string what)
    {
        var (owner, ben, there) = await BenInTwoRooms(alsoInTheSecond: true);

        await (await End(what, owner, ben)).IsEmptyWith(HttpStatusCode.NoContent);
        await (await ben.Send(HttpMethod.Get, ben.Projection)).Refuses(what is "seat" ? "room_not_found" : "invalid_agent_token");
        await (await there.Say("still here")).Json(HttpStatusCode.Created);
        Assert.Equal(0, await nodes.A.Count(ben.SessionID, "session_ended"));
    }

    /// A token whose seat ended opens nothing, and takes nothing from the agent's other tokens.
    [Fact]
    public async Task of_other_rooms_are_none_of_a_token_without_a_seat()
    {
        var (owner, ben, there) = await BenInTwoRooms(alsoInTheSecond: false);
        var working = await Run(there);
        await working.Claim("desk", 0);
        await (await End("seat", owner, ben)).IsEmptyWith(HttpStatusCode.NoContent);
        var left = ben.Again();
        for (var i = 0; i < 27; i++)
        {
            await left.StartSession();
        }

        await (await left.As(working).Send(HttpMethod.Post, $"/v/agent/sessions/{working.SessionID}/end"))
            .IsRefused("forbidden", "reason", "unlock");
        await (await left.TryClaim("desk", 1)).IsRefused("invalid_agent_token");
        await (await working.Say("still here")).Json(HttpStatusCode.Created);
    }

    private static async Task<HttpResponseMessage> End(string what, TestPrincipal owner, TestAgent agent) => what is "seat"
        ? await owner.Post($"/v/rooms/{agent.RoomID}/seats/{await owner.SeatOf(agent)}/remove")
        : await owner.Delete($"/v/rooms/{agent.RoomID}");

    /// A session that began with the token of a room that somebody else owns.
    private async Task<(TestPrincipal Owner, TestAgent Ben, TestAgent There)> BenInTwoRooms(bool alsoInTheSecond)
    {
        var first = await nodes.A.NewOwnedRoom(2);
        var ben = first.Agents[1];
        var address = $"@{first.People[1].Handle}.helper";
        var second = (await nodes.A.Provision(new(Rooms: [new(
            "release", first.People[1].Handle, RoomKind.Shared, [new ProvisionSeat(address)], [new ProvisionToken(address)])]))).Rooms[0];
        var there = ben.In(second.RoomID, second.Tokens[0].Token!);
        if (alsoInTheSecond)
        {
            await there.Enter();
        }

        return (first.Owner, ben, there);
    }

    /// A session that this token starts, present in its room.
    internal static async Task<TestAgent> Run(TestAgent holder)
    {
        var run = holder.Again();
        await run.StartSession();
        await run.Enter();
        return run;
    }

    private static async Task<IReadOnlyList<Guid>> Live(TestAgent agent) =>
        [.. (await ListingSessions.List(agent)).GetProperty("sessions").EnumerateArray()
            .Select(session => session.GetProperty("agent_session_id").GetGuid())];
}
