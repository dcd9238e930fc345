using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class AcknowledgingWork(TestCluster cluster)
{
    [Fact]
    public async Task answers_how_far_it_is_done()
    {
        var (ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "x");
        var row = Assert.Single((await ben.Drain()).Messages());

        var done = await (await ben.Ack(row)).Json(HttpStatusCode.OK);

        done.HasExactly("last_acked_seq", "last_ack_event_id", "updated_at");
        Assert.Equal((row.Seq(), row.Text("event_id")), (done.GetProperty("last_acked_seq").GetInt64(), done.Text("last_ack_event_id")));
        Assert.True(done.Timestamp("updated_at") >= row.Timestamp("created_at"));
        var drained = await ben.Drain();
        Assert.Empty(drained.Messages());
        Assert.Equal((row.Seq(), row.Text("event_id")), (drained.GetProperty("delivery").GetProperty("last_acked_seq").GetInt64(),
            drained.GetProperty("delivery").Text("last_ack_event_id")));
    }

    [Fact]
    public async Task takes_along_what_is_before()
    {
        var (ana, ben) = await AnaAndBen();
        foreach (var body in (string[])["first", "second", "third"])
        {
            await ana.Tell(ben.Address, body);
        }

        await (await ben.Ack((await ben.Drain()).Messages()[1])).Json(HttpStatusCode.OK);

        Assert.Equal(["third"], await ben.Waiting());
    }

    [Theory, InlineData("""{"seq":SEQ}"""), InlineData("""{"seq":SEQ,"event_id":null}""")]
    public async Task needs_no_event_id(string json)
    {
        var (ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "x");
        await (await Ack(ben, json.Replace("SEQ", $"{(await ben.Drain()).Messages()[0].Seq()}"))).Json(HttpStatusCode.OK);
        Assert.Empty(await ben.Waiting());
    }

    [Fact]
    public async Task twice_is_refused_and_nothing_moves()
    {
        var (ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "first");
        await ana.Tell(ben.Address, "second");
        var rows = (await ben.Drain()).Messages();
        await (await ben.Ack(rows[0])).Json(HttpStatusCode.OK);
        await (await ben.Ack(rows[0])).IsRefused("delivery_ack_rejected");
        await (await ben.Ack(rows[1])).Json(HttpStatusCode.OK);
        await (await ben.Ack(rows[0])).IsRefused("delivery_ack_rejected");

        Assert.Equal(rows[1].Seq(), (await ben.Drain()).GetProperty("delivery").GetProperty("last_acked_seq").GetInt64());
    }

    [Fact]
    public async Task of_what_does_not_wait_is_refused_and_nothing_moves()
    {
        var service = await cluster.Service;
        var (ana, ben) = await AnaAndBen();
        var other = await service.AnotherSessionOf(ben);
        await ana.Say("to nobody in particular");
        await ana.Tell(other.Address, "to the other session");
        await ben.Tell(ana.Address, "from the caller");
        await ben.Tell(ben.Address, "a note of the caller");
        await ana.Tell(ben.Address, "for the caller");
        await ana.Say("after it");
        var view = (await ben.Read()).Messages();
        var waits = Assert.Single((await ben.Drain()).Messages());
        var before = await service.RecordOf(ben.RoomID);

        foreach (var row in view.Where(row => row.Seq() != waits.Seq()))
        {
            await (await ben.Ack(row)).IsRefused("delivery_ack_rejected");
            await (await Ack(ben, $$"""{"seq":{{row.Seq()}}}""")).IsRefused("delivery_ack_rejected");
            await (await Ack(ben, $$"""{"seq":{{waits.Seq()}},"event_id":"{{row.Text("event_id")}}"}"""))
                .IsRefused("delivery_ack_rejected");
        }

        foreach (var seq in (long[])[0, -1, view[^1].Seq() + 1, long.MaxValue])
        {
            await (await Ack(ben, $$"""{"seq":{{seq}}}""")).IsRefused("delivery_ack_rejected");
            await (await Ack(ben, $$"""{"seq":{{seq}},"event_id":"{{waits.Text("event_id")}}"}""")).IsRefused("delivery_ack_rejected");
        }

        Assert.Equal(["for the caller"], await ben.Waiting());
        Assert.Equal(0, (await ben.Drain()).GetProperty("delivery").GetProperty("last_acked_seq").GetInt64());
        Assert.Equal(before, await service.RecordOf(ben.RoomID));
    }

    [Fact]
    public async Task of_anothers_work_is_refused()
    {
        var (ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "for Ben");
        var row = Assert.Single((await ben.Drain()).Messages());
        await (await ana.Ack(row)).IsRefused("delivery_ack_rejected");
        Assert.Equal(["for Ben"], await ben.Waiting());
    }

    [Fact]
    public async Task is_no_row_of_the_room()
    {
        var service = await cluster.Service;
        var (ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "x");
        var (record, view) = (await service.RecordOf(ben.RoomID), (await ana.Read()).GetProperty("watermark").GetInt64());

        await (await ben.Ack((await ben.Drain()).Messages()[0])).Json(HttpStatusCode.OK);

        Assert.Equal(record, await service.RecordOf(ben.RoomID));
        Assert.Equal(view, (await ana.Read()).GetProperty("watermark").GetInt64());
    }

    [Fact]
    public async Task at_the_same_moment_is_done_once()
    {
        var (ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "x");
        var row = (await ben.Drain()).Messages()[0];

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ben.Ack(row)));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        foreach (var answer in answers.Where(answer => answer.StatusCode is not HttpStatusCode.OK))
        {
            await answer.IsRefused("delivery_ack_rejected");
        }
    }

    [Theory, InlineData("{}"), InlineData("""{"seq":null}"""), InlineData("""{"seq":"1"}"""), InlineData("""{"seq":1.5}"""),
        InlineData("""{"seq":1,"event_id":"x"}"""), InlineData("[]"), InlineData("")]
    public async Task that_cannot_be_read_is_malformed(string json)
    {
        var (_, ben) = await AnaAndBen();
        await (await Ack(ben, json)).IsRefused("malformed_request");
    }

    private static Task<HttpResponseMessage> Ack(TestAgent agent, string json) =>
        agent.Send(HttpMethod.Post, $"/v/rooms/{agent.RoomID}/responsive-delivery/ack", json);

    private async Task<(TestAgent Ana, TestAgent Ben)> AnaAndBen()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (room.Agents[0], room.Agents[1]);
    }
}
