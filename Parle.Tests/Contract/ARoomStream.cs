using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class ARoomStream(TestCluster cluster)
{
    [Fact]
    public async Task opens_at_once_also_when_there_is_nothing_to_send()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        using var answer = await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/stream");
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task writes_each_row_as_one_event()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        using var answer = await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/stream");
        await ana.Say("two\r\nlines\n\nid: 7\n");

        var frame = await EventReader.TextUntil(answer, "\n\n");

        Assert.StartsWith("id: 1\ndata: {", frame);
        Assert.Equal(4, frame.Split('\n').Length);
        Assert.Equal("two\r\nlines\n\nid: 7\n", JsonElement.Parse(frame["id: 1\ndata: ".Length..]).Body());
    }

    [Fact]
    public async Task sends_the_rows_of_the_projection_in_its_order()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.All, History.FromAdmission);
        var (ana, ben, carl) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        await Converse();
        await using var stream = await EventReader.Room(ben);
        await Converse();

        var view = (await ben.Read()).Messages();
        Assert.InRange(view.Count, 10, 199);
        Assert.Equal(view.Select(Lasting), (await stream.Rows(view.Count)).Select(Lasting));

        await ben.End();
        Assert.Empty(await stream.ToEnd());

        async Task Converse()
        {
            await ana.Say("to all");
            await ana.Say("to Ben", to: ben.Address);
            await carl.Say("to Ana", to: ana.Address);
            await ben.Say("to Carl", to: carl.Address);
            await ben.Say("to all");
        }
    }

    [Theory]
    [InlineData(null, null, 1)]
    [InlineData(0L, null, 1)]
    [InlineData(2L, null, 3)]
    [InlineData(null, "2", 3)]
    [InlineData(null, "", 1)]
    [InlineData(1L, "3", 4)]
    [InlineData(3L, "0", 1)]
    public async Task goes_on_after_what_the_reader_has(long? since, string? lastEventID, long first)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        foreach (var body in (string[])["1", "2", "3", "4"])
        {
            await ana.Say(body);
        }

        await using var stream = await EventReader.Room(ana, since, lastEventID);
        Assert.Equal(Enumerable.Range((int)first, 5 - (int)first).Select(seq => $"{seq}"),
            (await stream.Rows(5 - (int)first)).Select(row => row.Body()));
        await ana.Say("5");
        Assert.Equal((5, "5"), (Assert.Single(await stream.Rows(1)) is var row ? row.Seq() : 0, row.Body()));
    }

    [Fact]
    public async Task goes_on_from_the_end_when_the_reader_points_beyond_it()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await ana.Say("old");
        await using var stream = await EventReader.Room(ana, lastEventID: $"{long.MaxValue}");
        await ana.Say("new");
        Assert.Equal("new", Assert.Single(await stream.Rows(1)).Body());
    }

    [Theory, InlineData("x"), InlineData("-1"), InlineData("1.5"), InlineData("1 2"), InlineData("9223372036854775808"), InlineData("٣")]
    public async Task is_refused_after_an_id_that_none_of_its_events_has(string lastEventID)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        using var request = ana.Request(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/stream");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventID);
        await (await ana.Send(request)).IsRefused("malformed_request");
    }

    [Theory, InlineData("since_seq=-1"), InlineData("since_seq=x"), InlineData("since_seq=1.5"), InlineData("generation=g1")]
    public async Task is_refused_with_a_query_that_says_nothing(string query)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.Send(HttpMethod.Get, $"/v/rooms/{ana.RoomID}/stream?{query}")).IsRefused("malformed_request");
    }

    [Fact]
    public async Task is_refused_to_those_who_are_not_in_the_room()
    {
        var service = await cluster.Service;
        var (room, other) = (await service.NewRoomWithPresent(History.FromAdmission),
            await service.NewRoomWithPresent(History.FromAdmission));
        var (ana, notEntered) = (room.Agents[0], room.Agents[0].Again());
        await notEntered.StartSession();
        await (await notEntered.Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/stream")).IsRefused("room_not_found");
        await (await ana.Send(HttpMethod.Get, $"/v/rooms/{other.RoomID}/stream")).IsRefused("room_not_found");
        await (await ana.Again().Send(HttpMethod.Get, $"/v/rooms/{room.RoomID}/stream")).IsRefused("invalid_agent_session");
    }

    [Fact]
    public async Task sends_direct_rows_to_those_who_may_see_them_and_no_trace_to_others()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, carl) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        await using var author = await EventReader.Room(ana, (await ana.Read()).GetProperty("watermark").GetInt64());
        await using var addressee = await EventReader.Room(ben, (await ben.Read()).GetProperty("watermark").GetInt64());
        await using var other = await EventReader.Room(carl, (await carl.Read()).GetProperty("watermark").GetInt64());

        await ana.Say("between us", to: ben.Address);
        Assert.Equal("between us", Assert.Single(await author.Rows(1)).Body());
        Assert.Equal("between us", Assert.Single(await addressee.Rows(1)).Body());
        await ana.Say("to all");

        var seen = Assert.Single(await other.Rows(1));
        Assert.Equal(("to all", 1), (seen.Body(), seen.Seq()));
        await carl.End();
        Assert.Empty(await other.ToEnd());
    }

    [Fact]
    public async Task sends_more_than_a_page_without_a_gap()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission);
        await Parallel.ForAsync(0, 430, TestContext.Current.CancellationToken,
            async (i, _) => await (await room.Agents[0].Say($"row {i}")).Json(HttpStatusCode.Created));

        await using var stream = await EventReader.Room(room.Agents[0]);
        var rows = await stream.Rows(430);

        Assert.Equal(Enumerable.Range(1, 430).Select(seq => (long)seq), rows.Select(row => row.Seq()));
        Assert.Equal(430, rows.Select(row => row.Body()).Distinct().Count());
    }

    [Fact]
    public async Task of_which_several_are_open_sends_all_rows_to_each()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await using var first = await EventReader.Room(ana);
        await using var second = await EventReader.Room(ana);
        await ana.Say("hello");
        Assert.Equal("hello", Assert.Single(await first.Rows(1)).Body());
        Assert.Equal("hello", Assert.Single(await second.Rows(1)).Body());
    }

    /// The part of a row that is the same at each read: its fence, and so its framed text, are new each time.
    private static string Lasting(JsonElement row)
    {
        var lasting = JsonNode.Parse(row.GetRawText())!.AsObject();
        Assert.True(lasting.Remove("fence") && lasting.Remove("content"));
        return lasting.ToJsonString();
    }
}
