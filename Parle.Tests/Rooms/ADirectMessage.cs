using System.Net;
using System.Text.Json;
using CsCheck;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Rooms;

public class ADirectMessage(TestCluster cluster)
{
    /// For each message: who of two says it, and which of all the addresses it is for.
    private static readonly Gen<(int By, bool[] To)[]> Scripts = Gen.Select(
        Gen.Int[0, 1], Gen.Bool.Array[6].Where(to => to.Contains(true))).Array[3, 10];

    /// To several at once, to a session, its alias and its agent, to an alias that nobody has any more, to oneself.
    [Fact]
    public async Task is_one_row_of_each_seat_and_work_for_each_name_at_that_rows_place()
    {
        var service = await cluster.Service;
        await Scripts.SampleAsync(
            async ((int By, bool[] To)[] script) =>
            {
                var room = await service.NewRoomWithPresent(History.FromAdmission, History.All);
                var (ana, ben) = (room.Agents[0], room.Agents[1]);
                await (await ana.Say("common rows shift the numbers")).Json(HttpStatusCode.Created);
                await ben.Claim("gone", 0);
                await (await ben.Send(HttpMethod.Post, $"/v/agent/sessions/{ben.SessionID}/end")).Json(HttpStatusCode.NoContent);
                await ben.StartSession();
                await ben.Enter();
                var (bensSession, bensAgent) = (ben.Address, ben.Address[..ben.Address.LastIndexOf('.')]);
                await ben.Claim("desk", 0);
                string[] addresses = [ana.Address, bensSession, bensAgent, $"{bensAgent}.desk", $"{bensAgent}.gone",
                    ana.Address[..ana.Address.LastIndexOf('.')]];
                var expected = new List<string>();
                foreach (var (by, to) in script)
                {
                    var said = await (await room.Agents[by].Post(
                        JsonSerializer.Serialize(new
                        {
                            type = "message_submitted",
                            payload = new { body = "hello" },
                            addressing = new { audience = "direct", to = addresses.Where((_, i) => to[i]) }
                        }),
                        $"{Guid.NewGuid()}")).Json(HttpStatusCode.Created);
                    var id = said.GetProperty("event_id").GetGuid();
                    expected.AddRange(
                        [
                            .. to[0] ? [$"{id} {ana.ParticipantID}"] : (string[])[],
                            .. to[5] ? [$"{id} {Target.AnySession}"] : (string[])[],
                            .. to[1] ? [$"{id} {ben.ParticipantID}"] : (string[])[],
                            .. to[2] ? [$"{id} {Target.AnySession}"] : (string[])[],
                            .. to[3] ? [$"{id} desk"] : (string[])[],
                            .. to[4] ? [$"{id} gone"] : (string[])[],
                        ]);
                }

                var work = await service.Rows(
                    """
                    select a.event_id || ' ' || a.scope, a.seq, p.seq from parle.attention a join parle.seats s using (seat_id)
                    left join parle.timeline_private p on p.seat_id = a.seat_id and p.event_id = a.event_id where s.room_id = $1
                    """,
                    row => (What: row.GetString(0), Seq: row.GetInt64(1), RowSeq: row.GetInt64(2)), room.RoomID);
                Assert.Equal(expected.Order(StringComparer.Ordinal), work.Select(row => row.What).Order(StringComparer.Ordinal));
                Assert.All(work, row => Assert.Equal(row.RowSeq, row.Seq));
                foreach (var agent in room.Agents)
                {
                    var rows = (await agent.Read()).Messages();
                    Assert.Equal(Enumerable.Range(1, rows.Count).Select(seq => (long)seq), rows.Select(row => row.Seq()));
                    Assert.Equal(rows.Count, rows.Select(row => row.GetProperty("event_id").GetGuid()).Distinct().Count());
                }
            },
            iter: 4, threads: 1);
    }
}
