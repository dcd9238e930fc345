using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Laws 3 and 8 with the service in two places.
public class TwoNodesOfOneDatabase(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task write_one_room_without_losing_or_doubling_a_row()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var writers = room.Agents.Concat(room.Agents.Select(nodes.AtB)).ToList();
        await Task.WhenAll(writers.Index().Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
            {
                await (await writer.Item.Say($"{writer.Index}.{i}", to: i % 3 == 0 ? room.Agents[0].Address : null))
                    .Json(HttpStatusCode.Created);
            }
        }));

        var rows = (await room.Agents[0].Read()).Messages();
        var messages = rows.Where(row => row.GetProperty("event_type").GetString() == "message_submitted").Select(row => row.Body())
            .ToList();

        Assert.Equal(Enumerable.Range(1, rows.Count).Select(seq => (long)seq), rows.Select(row => row.Seq()));
        Assert.Equal(
            Enumerable.Range(0, 6).SelectMany(writer => Enumerable.Range(0, 10).Select(i => $"{writer}.{i}")).Order(), messages.Order());
        Assert.Equal(rows.Select(row => row.GetProperty("event_id").GetGuid()),
            (await nodes.AtB(room.Agents[0]).Read()).Messages().Select(row => row.GetProperty("event_id").GetGuid()));
        Assert.Equal(60, await nodes.A.Count(room.RoomID, "message_submitted"));
    }

    [Fact]
    public async Task keep_one_answer_for_one_key()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission);
        var (atA, atB) = (room.Agents[0], nodes.AtB(room.Agents[0]));
        foreach (var key in Enumerable.Range(0, 10).Select(i => $"key-{i}"))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? atA : atB).Say("hello", key)));
            Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
            Assert.Single((await Task.WhenAll(answers.Select(ARetry.Receipt))).Distinct());
        }

        Assert.Equal(10, await nodes.A.Count(room.RoomID, "message_submitted"));
    }

    [Fact]
    public async Task know_at_once_who_entered_at_the_other()
    {
        var room = await nodes.A.NewRoom(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.StartSession();
        await ana.Enter();
        await (await nodes.AtB(ana).Say("B remembers a room without Ben")).Json(HttpStatusCode.Created);
        await ben.StartSession();
        await ben.Enter();

        await (await nodes.AtB(ben).Say("hello")).Json(HttpStatusCode.Created);
        await (await nodes.AtB(ana).Say("hello, Ben", to: ben.Address)).Json(HttpStatusCode.Created);
        await (await ben.Say("hello, Ana", to: ana.Address)).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task know_at_once_what_session_the_other_ended()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission);
        await (await nodes.AtB(room.Agents[0]).Say("hello")).Json(HttpStatusCode.Created);
        await (await room.Agents[0].Send(HttpMethod.Post, $"/v/agent/sessions/{room.Agents[0].SessionID}/end"))
            .Json(HttpStatusCode.NoContent);
        await (await nodes.AtB(room.Agents[0]).Say("anybody?")).Refuses("agent_session_ended");
    }

    [Fact]
    public async Task wake_each_others_readers()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var cursor = (await ben.Read()).GetProperty("watermark").GetInt64();
        for (var i = 0; i < 3; i++)
        {
            var waiting = ben.Read(cursor, wait: 30);
            await (await nodes.AtB(ana).Say($"{i}", to: i == 1 ? ben.Address : null)).Json(HttpStatusCode.Created);
            Assert.Equal($"{i}", Assert.Single((await waiting).Messages()).Body());
            cursor++;
        }
    }
}
