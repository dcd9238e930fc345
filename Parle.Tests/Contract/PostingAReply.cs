using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class PostingAReply(TestCluster cluster)
{
    [Fact]
    public async Task answers_a_receipt_with_its_place_in_the_exchange()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());

        var receipt = await (await ben.Reply(row, "answer")).Json(HttpStatusCode.Created);

        receipt.HasExactly(
            "event_id", "seq", "created_at", "replayed", "routing", "attention", "moderation", "commit_token", "receipt", "interaction");
        Assert.False(receipt.GetProperty("replayed").GetBoolean());
        Assert.Equal(("direct", "session", "ephemeral"), (receipt.GetProperty("routing").Text("mode"),
            receipt.GetProperty("routing").Text("target_level"), receipt.GetProperty("routing").Text("continuity")));
        Assert.Equal(("target", "target"),
            (receipt.GetProperty("attention").Text("inbound_scope"), receipt.GetProperty("attention").Text("responsive_scope")));
        receipt.GetProperty("interaction").HasExactly("interaction_id", "reply_hop", "remaining_reply_hops");
        Assert.Equal(
            (row.GetProperty("reply_route").Text("interaction_id"), 1, 7),
            (receipt.GetProperty("interaction").Text("interaction_id"),
                receipt.GetProperty("interaction").GetProperty("reply_hop").GetInt32(),
                receipt.GetProperty("interaction").GetProperty("remaining_reply_hops").GetInt32()));
        Assert.Equal(receipt.Text("event_id"), (await ben.Read(receipt.Seq() - 1)).Messages()[0].Text("event_id"));
    }

    [Fact]
    public async Task reaches_the_author_and_nobody_else()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
        var (ana, ben, cleo) = (room.Agents[0], room.Agents[1], room.Agents[2]);
        var anasOther = await service.AnotherSessionOf(ana);
        await ana.Tell(ben.Address, "question");

        await (await ben.Reply(Assert.Single((await ben.Drain()).Messages()), "answer")).Json(HttpStatusCode.Created);

        var row = Assert.Single((await ana.Drain()).Messages());
        Assert.Equal(("answer", "message_submitted", "direct", ben.Address),
            (row.Body(), row.Text("event_type"), row.GetProperty("addressing").Text("kind"), row.GetProperty("author").Text("address")));
        Assert.Equal(["answer"], (await ana.Inbound()).Bodies().TakeLast(1));
        Assert.Empty(await anasOther.Waiting());
        Assert.DoesNotContain("answer", (await anasOther.Inbound()).Bodies().Concat((await cleo.Read()).Bodies()));
    }

    [Fact]
    public async Task goes_back_and_forth_until_the_exchange_is_over()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "0");
        var interactions = new HashSet<string>();
        for (var hop = 0; hop < 8; hop++)
        {
            var replier = hop % 2 == 0 ? ben : ana;
            var row = Assert.Single((await replier.Drain()).Messages());
            var route = row.GetProperty("reply_route");
            Assert.Equal(($"{hop}", hop, 8 - hop),
                (row.Body(), route.GetProperty("reply_hop").GetInt32(), route.GetProperty("remaining_reply_hops").GetInt32()));
            interactions.Add(route.Text("interaction_id"));

            var interaction = (await (await replier.Reply(row, $"{hop + 1}")).Json(HttpStatusCode.Created)).GetProperty("interaction");
            Assert.Equal((hop + 1, 7 - hop),
                (interaction.GetProperty("reply_hop").GetInt32(), interaction.GetProperty("remaining_reply_hops").GetInt32()));
            interactions.Add(interaction.Text("interaction_id"));
            await (await replier.Ack(row)).Json(HttpStatusCode.OK);
        }

        var last = Assert.Single((await ben.Drain()).Messages());
        Assert.Equal("8", last.Body());
        last.IsNull("reply_route");
        Assert.Single(interactions);
    }

    [Fact]
    public async Task again_with_the_same_key_is_the_same()
    {
        var (service, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());
        var first = await (await ben.Reply(row, "answer", "key")).Json(HttpStatusCode.Created);
        var before = await service.RecordOf(ben.RoomID);

        await IsReplayed(first, await ben.Reply(row, "answer", "key"));
        await ana.End(); // The author is gone,
        await ben.End(); // and so is the one who answered.
        await IsReplayed(first, await (await service.AnotherSessionOf(ben)).Reply(row, "answer", "key"));

        Assert.Equal(before.Answers, (await service.RecordOf(ben.RoomID)).Answers);
    }

    [Fact]
    public async Task of_another_meaning_with_the_same_key_is_a_conflict()
    {
        var (service, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "one");
        await ana.Tell(ben.Address, "two");
        var rows = (await ben.Drain()).Messages();
        await (await ben.Reply(rows[0], "answer", "key")).Json(HttpStatusCode.Created);
        var before = await service.RecordOf(ben.RoomID);

        await (await ben.Reply(rows[0], "another answer", "key")).IsRefused("idempotency_conflict");
        await (await ben.Reply(rows[1], "answer", "key")).IsRefused("idempotency_conflict");

        Assert.Equal(before, await service.RecordOf(ben.RoomID));
        await (await ben.Reply(rows[1], "answer", "key-2")).Json(HttpStatusCode.Created);
        Assert.Equal(["answer", "answer"], await ana.Waiting());
    }

    [Fact]
    public async Task with_the_key_of_a_message_is_another_write()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        await (await ben.Say("answer", "key")).Json(HttpStatusCode.Created);
        await (await ben.Reply(Assert.Single((await ben.Drain()).Messages()), "answer", "key")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task to_an_author_under_an_alias_reaches_whoever_has_it()
    {
        var (service, ana, ben) = await AnaAndBen();
        await ana.Claim("asking", 0);
        await ana.Tell(ben.Address, "to the next one");
        await ana.Tell(ben.Address, "while nobody is there");
        var rows = (await ben.Drain()).Messages();
        var next = await service.Successor(ana, "asking");

        var receipt = await (await ben.Reply(rows[0], "first")).Json(HttpStatusCode.Created);
        Assert.Equal(("session", "durable"),
            (receipt.GetProperty("routing").Text("target_level"), receipt.GetProperty("routing").Text("continuity")));
        Assert.Equal(["first"], await next.Waiting());

        await next.End();
        await (await ben.Reply(rows[1], "second")).Json(HttpStatusCode.Created);
        Assert.Equal(["first", "second"], await (await service.Successor(ana, "asking")).Waiting());
    }

    [Fact]
    public async Task to_an_author_whose_alias_takes_nothing_offline_is_not_found()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Claim("asking", 0);
        await ana.Tell(ben.Address, "question");
        await (await ana.Send(HttpMethod.Post, "/v/agent/session-aliases/asking/offline-delivery/disable")).Json(HttpStatusCode.OK);
        await ana.End();
        await (await ben.Reply(Assert.Single((await ben.Drain()).Messages()), "answer")).IsRefused("not_found");
    }

    [Theory]
    [InlineData("malformed_request", "{}"), InlineData("malformed_request", """{"payload":{"body":"x"}}"""),
        InlineData("malformed_request", """{"reply_route_id":null,"payload":{"body":"x"}}""")]
    [InlineData("malformed_request", """{"reply_route_id":"x","payload":{"body":"x"}}"""),
        InlineData("malformed_request", """{"reply_route_id":1,"payload":{"body":"x"}}"""), InlineData("malformed_request", "[]")]
    [InlineData("validation_failed", """{"reply_route_id":"ROUTE"}"""),
        InlineData("validation_failed", """{"reply_route_id":"ROUTE","payload":"x"}"""),
        InlineData("validation_failed", """{"reply_route_id":"ROUTE","payload":{"body":1}}""")]
    public async Task that_says_nothing_clear_is_refused_and_leaves_the_route_open(string code, string json)
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());

        await (await ben.Send(HttpMethod.Post, $"/v/rooms/{ben.RoomID}/replies",
            json.Replace("ROUTE", row.GetProperty("reply_route").Text("reply_route_id")), "key")).IsRefused(code);

        await (await ben.Reply(row, "answer", "key")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task needs_a_key()
    {
        var (_, ana, ben) = await AnaAndBen();
        await ana.Tell(ben.Address, "question");
        var route = Assert.Single((await ben.Drain()).Messages()).GetProperty("reply_route").Text("reply_route_id");
        await (await ben.Send(
            HttpMethod.Post, $"/v/rooms/{ben.RoomID}/replies", $$"""{"reply_route_id":"{{route}}","payload":{"body":"x"} }"""))
            .IsRefused("malformed_request");
    }

    private static async Task IsReplayed(JsonElement first, HttpResponseMessage answer)
    {
        var again = await answer.Json(HttpStatusCode.OK);
        Assert.True(again.GetProperty("replayed").GetBoolean());
        Assert.Equal(
            first.EnumerateObject().Where(member => member.Name is not "replayed")
                .Select(member => $"{member.Name}={member.Value.GetRawText()}"),
            again.EnumerateObject().Where(member => member.Name is not "replayed")
                .Select(member => $"{member.Name}={member.Value.GetRawText()}"));
    }

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> AnaAndBen()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (service, room.Agents[0], room.Agents[1]);
    }
}

public class RepliesAtTheSameMoment(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task use_a_route_once(bool atBothNodes)
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());
        var before = await nodes.A.RecordOf(room.RoomID);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => (atBothNodes && i % 2 == 1 ? nodes.AtB(ben) : ben).Reply(row, $"{i}", $"key-{i}")));

        var won = await Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created).Json(HttpStatusCode.Created);
        foreach (var lost in answers.Where(answer => answer.StatusCode is not HttpStatusCode.Created))
        {
            await lost.IsRefused("not_found");
        }

        Assert.Equal(won.Text("event_id"), Assert.Single((await ana.Drain()).Messages()).Text("event_id"));
        // Its receipt, and that the route was used.
        Assert.Equal((before.Facts + 1, before.Answers + 2), await nodes.A.RecordOf(room.RoomID));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task with_one_key_are_one(bool atBothNodes)
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ana.Tell(ben.Address, "question");
        var row = Assert.Single((await ben.Drain()).Messages());

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => (atBothNodes && i % 2 == 1 ? nodes.AtB(ben) : ben).Reply(row, "answer", "key")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        Assert.Single(
            (await Task.WhenAll(answers.Select(async answer => (await answer.Json(answer.StatusCode)).Text("event_id")))).Distinct());
        Assert.Equal(["answer"], await ana.Waiting());
    }
}
