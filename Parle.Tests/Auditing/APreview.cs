using System.Net;
using System.Text.Json;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Auditing;

/// A preview shows exactly the rows that the seat is then shown.
public class APreview(TestCluster cluster)
{
    [Fact]
    public async Task of_a_seat_is_its_next_page()
    {
        var (_, host) = await Room();
        var ben = host.Agents[1];
        foreach (var since in (int[])[0, 2])
        {
            var preview = await Preview(host, new { seat_id = await host.Owner.SeatOf(ben), since_seq = since });
            Assert.Equal(Rows(await ben.Read(since)), Rows(preview.GetProperty("page")));
        }
    }

    [Theory, InlineData("all"), InlineData("from_admission")]
    public async Task of_an_admission_is_the_first_page_of_who_is_admitted(string history)
    {
        var (service, host) = await Room();
        var agentID = await host.Owner.Creates("late");
        var before = await service.RecordOf(host.RoomID);
        var preview = await Preview(host, new { admission = new { agent_id = agentID, history } });
        Assert.Equal(before, await service.RecordOf(host.RoomID));
        Assert.Equal(Rows(await host.Agents[1].Read()), Rows(await host.Agents[1].Read()));

        await (await host.Owner.Post($"/v/rooms/{host.RoomID}/seats", new { agent_id = agentID, history })).Json(HttpStatusCode.Created);
        var token =
            (await (await host.Owner.Post($"/v/agents/{agentID}/tokens", new { room_id = host.RoomID, scopes = new[] { "participate" } }))
                .Json(HttpStatusCode.Created)).Text("token");
        var late = new TestAgent(service.Client(), host.RoomID, token);
        await late.StartSession();
        await late.Enter();

        // The fact of the admission itself, its time and the reader's session are of the real one.
        Assert.Equal(Rows(await late.Read(), withIDs: false), Rows(preview.GetProperty("page"), withIDs: false));
        Assert.Equal(history == "all", Rows(preview.GetProperty("page")).Count > 0);
    }

    [Fact]
    public async Task of_a_message_names_those_in_whose_views_it_will_stand()
    {
        var (_, host) = await Room();
        var ana = host.Agents[0];
        foreach (var to in (string?[])[null, host.Agents[1].Address])
        {
            object? addressing = to is null ? null : new { audience = "direct", to };
            var seats = (await Preview(host, new { message = new { participant_id = ana.ParticipantID, addressing } })).GetProperty("seats")
                .EnumerateArray()
                .Select(seat => (seat.GetProperty("seat_id").GetGuid(), seat.Seq())).ToList();
            var receipt = await (await ana.Say("now", to: to)).Json(HttpStatusCode.Created);
            var witnesses = await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record/witnesses/{receipt.Text("event_id")}"))
                .Json(HttpStatusCode.OK);
            Assert.Equal(witnesses.GetProperty("witnesses").EnumerateArray()
                .Select(one => (one.GetProperty("seat_id").GetGuid(), one.Seq())).Order(), seats.Order());
        }
    }

    [Fact]
    public async Task is_refused_as_the_real_thing_would_be()
    {
        var (service, host) = await Room();
        var path = $"/v/rooms/{host.RoomID}/preview";
        var there = await service.Scalar<Guid>(
            "select s.agent_id from parle.seats s join parle.participants p using (seat_id) where p.participant_id = $1",
            host.Agents[0].ParticipantID);
        await (await host.Owner.Post(path, new { admission = new { agent_id = there } })).Refuses("already_member");
        await (await host.Owner.Post(path, new
        {
            message =
                new { participant_id = host.Agents[0].ParticipantID, addressing = new { audience = "direct", to = "@nobody.at-all" } }
        })).Refuses("address_not_deliverable");
        foreach (var wrong in (string[])["{}", """{"seat_id":"019a7c1d-a1b2-7c3d-9e4f-5a6b7c8d9e03","message":{"participant_id":null}}""",
            """{"admission":{}}""", """{"admission":{"agent_id":"019a7c1d-a1b2-7c3d-9e4f-5a6b7c8d9e03","history":"some"}}"""])
        {
            await (await host.Owner.Post(path, wrong)).Refuses("validation_failed");
        }

        await (await host.Owner.Post(path, new { seat_id = Guid.NewGuid() })).Refuses("not_found");
        // Its agent has a seat, not the person.
        await (await host.People[1].Post(path, new { seat_id = Guid.NewGuid() })).Refuses("not_found");
    }

    [Fact]
    public async Task is_a_look_that_is_written_down_and_nothing_else()
    {
        var (service, host) = await Room();
        var seat = await host.Owner.SeatOf(host.Agents[1]);
        var before = await service.RecordOf(host.RoomID);
        await Preview(host, new { seat_id = seat });

        Assert.Equal(before, await service.RecordOf(host.RoomID));
        Assert.Equal(0, await service.Scalar<long>("select count(*) from parle.disclosures where seat_id = $1", seat));
        var read = Assert.Single((await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record-reads")).Json(HttpStatusCode.OK))
            .GetProperty("reads").EnumerateArray());
        Assert.Equal(("owner", "preview"), (read.Text("reader"), read.Text("question")));
    }

    private async Task<(ParleService Service, OwnedRoom Host)> Room()
    {
        var service = await cluster.Service;
        var host = await service.NewOwnedRoom(2);
        await (await host.Agents[0].Say("for all")).Json(HttpStatusCode.Created);
        await (await host.Agents[0].Say("for one", to: host.Agents[1].Address)).Json(HttpStatusCode.Created);
        await (await host.Agents[1].Say("for all again")).Json(HttpStatusCode.Created);
        return (service, host);
    }

    private static async Task<JsonElement> Preview(OwnedRoom host, object body) =>
        await (await host.Owner.Post($"/v/rooms/{host.RoomID}/preview", body)).Json(HttpStatusCode.OK);

    private static IReadOnlyList<string> Rows(JsonElement page, bool withIDs = true) =>
        [.. page.GetProperty("messages").EnumerateArray().Select(row => withIDs
            ? row.Text("fence") is { } fence ? row.GetRawText().Replace(fence, "fence", StringComparison.Ordinal) : row.GetRawText()
            : $"{row.Seq()} {row.Text("event_type")} {row.GetProperty("payload").GetRawText()} {row.GetProperty("author").GetRawText()}")];
}
