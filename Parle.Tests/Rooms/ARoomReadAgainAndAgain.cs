using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.Provisioning;
using Parle.Api.Reading;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Rooms;

/// A node's cache of a room equals the database's answer, for each reader and after a change at any node.
public class ARoomReadAgainAndAgain(TwoNodes nodes, TestCluster cluster) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task shows_no_words_that_were_redacted_at_another_node()
    {
        var room = await nodes.A.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var secret = $"the password is {Guid.NewGuid():N}";
        var said = (await (await ana.Say(secret)).Json(HttpStatusCode.Created)).GetProperty("event_id").GetGuid();
        await (await ana.Say("and more")).Json(HttpStatusCode.Created);
        foreach (var reader in (TestAgent[])[ben, nodes.AtB(ben), nodes.AtB(ana)])
        {
            Assert.Contains(secret, $"{await reader.Read()}", StringComparison.Ordinal);
        }

        await Redact(ana, said);

        foreach (var reader in (TestAgent[])[nodes.AtB(ben), nodes.AtB(ana), ben])
        {
            Assert.DoesNotContain(secret, $"{await reader.Read()}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task shows_no_redacted_words_to_those_who_are_told_of_it_apart_and_pages_later()
    {
        var room = await nodes.A.NewOwnedRoom(2);
        var (ana, ben) = (room.Agents[0], nodes.AtB(room.Agents[1]));
        var secret = $"the password is {Guid.NewGuid():N}";
        var said = await (await ana.Say(secret)).Json(HttpStatusCode.Created);
        await Task.WhenAll(Enumerable.Range(0, TimelinePage.MaxRows + 5).Select(i => Created(ana.Say($"{i}"))));
        await Late(room); // A reader whose view begins here: the erasure of earlier words is no common row.
        const long cursor = 0; // Ben counts in his own view, not in that of whoever spoke.
        Assert.Contains(secret, $"{await ben.Read(cursor)}", StringComparison.Ordinal);

        await Redact(ana, said.GetProperty("event_id").GetGuid());

        var page = await ben.Read(cursor);
        Assert.InRange(page.Messages().Count, 150, TimelinePage.MaxRows); // As many as fit into an answer.
        Assert.DoesNotContain(secret, $"{page}", StringComparison.Ordinal);
        Assert.Equal("content_redacted",
            (await ben.Read(page.GetProperty("watermark").GetInt64())).Messages()[^1].GetProperty("event_type").GetString());
    }

    [Fact]
    public async Task shows_each_reader_its_own_from_every_cursor_at_every_node()
    {
        var room = await nodes.A.NewRoomWithPresent(History.All, History.FromAdmission, History.FromAdmission);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var own = room.Agents.ToDictionary(reader => reader, _ => new List<Guid>());
        for (var i = 0; i < 24; i++)
        {
            var author = room.Agents[i % 3];
            var to = i % 4 == 1 ? room.Agents[(i + 1) % 3] : null;
            var said = (await (await (i % 2 == 0 ? author : nodes.AtB(author)).Say($"{i}", to: to?.Address)).Json(HttpStatusCode.Created))
                .GetProperty("event_id").GetGuid();
            foreach (var reader in to is null ? room.Agents : [author, to])
            {
                own[reader].Add(said);
            }

            await nodes.AtB(cleo).Read(); // So that B holds the room as it was in between.
        }

        foreach (var reader in (TestAgent[])[ana, ben, cleo])
        {
            var all = (await reader.Read()).Messages();
            Assert.Equal(own[reader], all.Where(row => row.GetProperty("event_type").GetString() is "message_submitted").Select(EventID));
            for (var cursor = 0; cursor <= all.Count + 1; cursor++)
            {
                foreach (var place in (TestAgent[])[reader, nodes.AtB(reader)])
                {
                    var page = await place.Read(cursor);
                    Assert.Equal(all.Count, page.GetProperty("watermark").GetInt64());
                    Assert.Equal(all.Skip(cursor).Select(row => (row.Seq(), EventID(row))),
                        page.Messages().Select(row => (row.Seq(), EventID(row))));
                }
            }
        }
    }

    [Fact]
    public async Task shows_who_came_later_nothing_of_before()
    {
        var room = await nodes.A.NewOwnedRoom(2);
        await (await room.Agents[0].Say("before")).Json(HttpStatusCode.Created);
        await room.Agents[1].Read();
        var late = await Late(room);

        await (await room.Agents[0].Say("after")).Json(HttpStatusCode.Created);

        Assert.Contains("before", (await room.Agents[1].Read()).Messages().Select(Body));
        Assert.Equal(["after"],
            (await late.Read()).Messages().Where(row => row.GetProperty("event_type").GetString() is "message_submitted").Select(Body));
    }

    [Fact]
    public async Task has_all_its_rows_also_when_they_are_more_than_are_held()
    {
        var room = await nodes.A.NewRoomWithPresent(History.All, History.All);
        const int Messages = RecentRows.MaxRows + 30;
        for (var i = 0; i < Messages; i++)
        {
            await (await room.Agents[0].Say($"{i}")).Json(HttpStatusCode.Created);
            if (i % 50 == 0)
            {
                await room.Agents[1].Read(i);
            }
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"{i}"), (await Everything(room.Agents[1], 0)).Select(Body));
        Assert.Equal(Enumerable.Range(Messages - 210, 210).Select(i => $"{i}"),
            (await Everything(room.Agents[1], (await Head(room.Agents[1])) - 210)).Select(Body));
    }

    [Fact]
    public async Task has_all_its_rows_also_when_they_are_large_and_takes_no_more_memory_than_it_may()
    {
        const int Bound = 600 * 1024;
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton(
                parts => new RecentRows(parts.GetRequiredService<NpgsqlDataSource>(), parts.GetRequiredService<RowFormatter>(), Bound)));
        var recent = service.Host.Services.GetRequiredService<RecentRows>();
        foreach (var room in await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => service.NewRoomWithPresent(History.All))))
        {
            for (var i = 0; i < 12; i++)
            {
                await (await room.Agents[0].Say($"{i} {new string('x', 60_000)}")).Json(HttpStatusCode.Created);
                await room.Agents[0].Read((await Head(room.Agents[0])) - 1);
                Assert.InRange(recent.HeldBytes, 0, Bound);
            }

            Assert.Equal(
                Enumerable.Range(0, 12).Select(i => $"{i}"), (await Everything(room.Agents[0], 0)).Select(row => Body(row).Split(' ')[0]));
        }
    }

    [Fact]
    public async Task names_who_was_admitted_also_beside_rows_of_the_readers_own()
    {
        var room = await nodes.A.NewRoomWithPresent(History.All, History.All);
        var agents = room.Agents.Select(agent => agent.Address[..agent.Address.LastIndexOf('.')]).ToList();
        foreach (var reader in (TestAgent[])[room.Agents[0], nodes.AtB(room.Agents[1])])
        {
            var admitted = (await reader.Read()).Messages().Where(row => row.GetProperty("event_type").GetString() is "seat_admitted")
                .Select(Body).ToList();
            Assert.All(agents, address => Assert.Contains($"{address} was admitted to the room.", admitted));
            Assert.Contains(admitted, text => !text.Split(' ')[0].Contains('.')); // A person, who has no agent's handle.

            await (await room.Agents[1].Say("between us", to: room.Agents[0].Address)).Json(HttpStatusCode.Created);
            Assert.Equal(admitted,
                (await reader.Read()).Messages().Where(row => row.GetProperty("event_type").GetString() is "seat_admitted").Select(Body));
        }
    }

    // An agent whose view begins now.
    private async Task<TestAgent> Late(OwnedRoom room)
    {
        var person = await nodes.A.NewPerson();
        var address = $"@{person.Handle}.helper";
        var provisioned = await nodes.A.Provision(new(
            [], [new ProvisionAgent(person.Handle, "helper")],
            [new("build", room.Owner.Handle, RoomKind.Shared, [new ProvisionSeat(address)], [new ProvisionToken(address)])]));
        var agent = new TestAgent(nodes.A.Client(), room.RoomID, provisioned.Rooms[0].Tokens[0].Token!);
        await agent.StartSession();
        await agent.Enter();
        return agent;
    }

    private static Task Redact(TestAgent agent, Guid eventID) => Created(
        agent.Send(HttpMethod.Post, $"/v/rooms/{agent.RoomID}/redactions", $$"""{"event_id":"{{eventID}}","reason":"secret"}""",
            Guid.NewGuid().ToString()));

    private static async Task Created(Task<HttpResponseMessage> answer) => await (await answer).Json(HttpStatusCode.Created);

    private static async Task<IReadOnlyList<JsonElement>> Everything(TestAgent reader, long since)
    {
        var rows = new List<JsonElement>();
        while (await reader.Read(since) is var page && page.Messages().Count > 0)
        {
            rows.AddRange(page.Messages().Where(row => row.GetProperty("event_type").GetString() is "message_submitted"));
            since = page.GetProperty("watermark").GetInt64();
        }

        return rows;
    }

    private static async Task<long> Head(TestAgent reader) => (await reader.Read(long.MaxValue >> 12)).GetProperty("watermark").GetInt64();

    private static string Body(JsonElement row) => row.Body();

    private static Guid EventID(JsonElement row) => row.GetProperty("event_id").GetGuid();
}
