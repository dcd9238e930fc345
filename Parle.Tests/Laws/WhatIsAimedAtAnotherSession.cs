using System.Net;
using System.Text.Json;
using CsCheck;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Two sessions of one agent share a seat, and so a view; but not what is inbound, nor work, nor hints.
public class WhatIsAimedAtAnotherSession(TestCluster cluster)
{
    private const string Alias = "desk";

    /// Something said by the one session, the other (which has the alias), or a peer, to all or to some of: the one, the other, the alias,
    /// the peer.
    private sealed record Said(int By, bool[] To, bool Acked)
    {
        public bool ToAll => !To.Contains(true);

        public bool IsFor(int session) => session == 0 ? To[0] : To[1] || To[2];
    }

    private static readonly Gen<Said[]> Scripts = Gen.Select(
        Gen.Int[0, 2], Gen.Bool.Array[4], Gen.Bool, (by, to, acked) => new Said(by, to, acked)).Array[4, 14];

    [Fact]
    public async Task is_in_the_view_of_the_seat_but_claims_no_attention_of_this_one()
    {
        var service = await cluster.Service;
        await Scripts.SampleAsync(
            async (Said[] script) =>
            {
                var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
                var (one, other, peer) = (room.Agents[0], new TestAgent(service.Client(), room.RoomID, room.Agents[0].Token),
                    room.Agents[1]);
                await other.StartSession();
                await other.Enter();
                string[] addresses = [one.Address, other.Address, $"{one.Address[..one.Address.LastIndexOf('.')]}.{Alias}", peer.Address];
                await other.Claim(Alias, 0);
                var before = (await one.Read()).GetProperty("watermark").GetInt64();
                TestAgent[] agents = [one, other, peer];
                using var hintsOfOne = await Frames.OfWake(one);
                using var hintsOfOther = await Frames.OfWake(other);
                Frames[] hints = [hintsOfOne, hintsOfOther];
                foreach (var stream in hints)
                {
                    Assert.StartsWith("event: config", await stream.Next(), StringComparison.Ordinal);
                }

                var waits = new[] { new List<string>(), [] };
                foreach (var (i, said) in script.Index())
                {
                    await Say(agents[said.By], $"words {i}", [.. addresses.Where((_, to) => said.To[to])]);
                    foreach (var session in Enumerable.Range(0, 2).Where(session => said.By != session && said.IsFor(session)))
                    {
                        Assert.Equal($"event: wake\ndata: {{\"room_id\":\"{room.RoomID}\"}}", await hints[session].Next());
                        waits[session].Add($"words {i}");
                        await Drains(agents[session], waits[session], acknowledge: said.Acked);
                    }
                }

                for (var session = 0; session < 2; session++)
                {
                    Assert.Equal(script.Index().Where(said => said.Item.By != session && (said.Item.ToAll || said.Item.IsFor(session)))
                        .Select(said => $"words {said.Index}"), await Inbound(agents[session], before));
                    await Drains(agents[session], waits[session], acknowledge: false);
                    Assert.Equal(
                        script.Index().Where(said => said.Item.By < 2 || said.Item.ToAll || said.Item.IsFor(0) || said.Item.IsFor(1))
                            .Select(said => $"words {said.Index}"),
                        (await agents[session].Read(before)).Messages().Select(row => row.Body()));
                }

                // An ended session receives nothing more: a notification for another would come before the end.
                for (var session = 0; session < 2; session++)
                {
                    await (await agents[session].Send(HttpMethod.Post, $"/v/agent/sessions/{agents[session].SessionID}/end"))
                        .Json(HttpStatusCode.NoContent);
                    Assert.Empty(
                        await RestOf(hints[session], room.RoomID, twice: session == 1 && script.Any(said => said.To[1] && said.To[2])));
                }
            },
            iter: 4, threads: 1);
    }

    private static async Task Say(TestAgent by, string body, IReadOnlyList<string> to) => await (await by.Post(
        JsonSerializer.Serialize(to is []
            ? new { type = "message_submitted", payload = new { body } }
            : (object)new { type = "message_submitted", payload = new { body }, addressing = new { audience = "direct", to } }),
        Guid.NewGuid().ToString())).Json(HttpStatusCode.Created);

    private static async Task Drains(TestAgent agent, List<string> waiting, bool acknowledge)
    {
        var rows = (await agent.Drain()).Messages();
        Assert.Equal(waiting, rows.Select(row => row.Body()));
        if (acknowledge)
        {
            await (await agent.Ack(rows[^1])).Json(HttpStatusCode.OK);
            waiting.Clear();
        }
    }

    /// Everything inbound, page by page and again from every cursor.
    private static async Task<IReadOnlyList<string>> Inbound(TestAgent agent, long since)
    {
        var found = await Page(agent, since);
        for (var cursor = since + 1; cursor <= found.Watermark; cursor++)
        {
            Assert.Equal(found.Rows.Where(row => row.Seq > cursor), (await Page(agent, cursor)).Rows);
        }

        return [.. found.Rows.Select(row => row.Body)];
    }

    private static async Task<(IReadOnlyList<(long Seq, string Body)> Rows, long Watermark)> Page(TestAgent agent, long since)
    {
        var page = await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/inbound?since_seq={since}")).Json(HttpStatusCode.OK);
        return ([.. page.Messages().Select(row => (row.Seq(), row.Body()))], page.GetProperty("watermark").GetInt64());
    }

    // One message to a session and to its alias may notify twice.
    private static async Task<IReadOnlyList<string>> RestOf(Frames hints, Guid roomID, bool twice) =>
        [.. (await hints.ToEnd()).Where(frame => !twice || !frame.Contains($"{roomID}", StringComparison.Ordinal))];
}
