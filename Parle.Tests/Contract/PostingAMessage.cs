using System.Net;
using System.Text.Json;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Contract;

public class PostingAMessage(TestCluster cluster)
{
    [Theory]
    [InlineData(null, "unaddressed", "none", "none", "room", "none")]
    [InlineData("broadcast", "broadcast", "none", "none", "room", "none")]
    [InlineData("session", "direct", "session", "ephemeral", "target", "target")]
    [InlineData("agent", "direct", "agent", "durable", "target", "target")]
    public async Task answers_a_receipt(string? whom, string mode, string level, string continuity, string inbound, string responsive)
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var addressing = whom switch
        {
            null => "",
            "broadcast" => ""","addressing":{"audience":"broadcast"}""",
            "session" => $$""","addressing":{"audience":"direct","to":"{{ben.Address}}"}""",
            _ => $$""","addressing":{"audience":"direct","to":"{{ben.Address[..ben.Address.LastIndexOf('.')]}}"}""",
        };

        var receipt = await (await ana.Post($$"""{"type":"message_submitted","payload":{"body":"x"}{{addressing}}}""", "key"))
            .Json(HttpStatusCode.Created);

        receipt.HasExactly("event_id", "seq", "created_at", "replayed", "routing", "attention", "moderation", "commit_token", "receipt");
        receipt.IsUuid("event_id");
        receipt.IsNull("commit_token");
        receipt.Timestamp("created_at");
        Assert.True(receipt.Seq() > 0);
        Assert.False(receipt.GetProperty("replayed").GetBoolean());
        receipt.GetProperty("routing").HasExactly("mode", "target_level", "continuity");
        Assert.Equal((mode, level, continuity), (receipt.GetProperty("routing").Text("mode"),
            receipt.GetProperty("routing").Text("target_level"), receipt.GetProperty("routing").Text("continuity")));
        receipt.GetProperty("attention").HasExactly("inbound_scope", "responsive_scope");
        Assert.Equal((inbound, responsive),
            (receipt.GetProperty("attention").Text("inbound_scope"), receipt.GetProperty("attention").Text("responsive_scope")));
        var moderation = receipt.GetProperty("moderation");
        moderation.HasExactly("verdict", "delivered", "delivery_state", "policy_version", "tags", "steps");
        Assert.Equal((true, "delivered"), (moderation.GetProperty("delivered").GetBoolean(), moderation.Text("delivery_state")));

        var row = (await ana.Read(receipt.Seq() - 1)).Messages()[0];
        Assert.Equal((receipt.Text("event_id"), receipt.Seq(), receipt.Text("created_at"), mode),
            (row.Text("event_id"), row.Seq(), row.Text("created_at"), row.GetProperty("addressing").Text("kind")));
    }

    [Fact]
    public async Task keeps_what_else_is_in_the_payload_and_believes_none_of_it()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var payload = $$"""
            {"body":"x","turn":3,"author":"{{ben.Address}}","participant_id":"{{ben.ParticipantID}}","addressing":{"audience":"direct","to":"{{ana.Address}}"},
             "type":"system","provenance":{"kind":"system"},"seq":99,"nested":[null,true,1.5,{"é":"\ud83d\ude00","body":1}],"":""}
            """;

        await (await ana.Post($$"""{"type":"message_submitted","payload":{{payload}}}""", "key")).Json(HttpStatusCode.Created);

        var row = Assert.Single((await ben.Read()).Messages());
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(payload), row.GetProperty("payload")));
        Assert.Equal((1, "message_submitted"), (row.Seq(), row.Text("event_type")));
        Assert.Equal((ana.Address, $"{ana.ParticipantID}"), (row.GetProperty("author").Text("address"), row.Text("participant_id")));
        Assert.Equal(
            ("participant", ana.Address), (row.GetProperty("provenance").Text("kind"), row.GetProperty("provenance").Text("author")));
        Assert.Equal("unaddressed", row.GetProperty("addressing").Text("kind"));
    }

    [Theory]
    [InlineData(
        """{"type":"message_submitted","payload":{"body":"x"},"event_id":"019a7c1e-1f3a-7d52-8f7a-6a1d0c9b2e10","author":1,"seq":9}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"x"},"addressing":{"audience":"broadcast","to":null}}""")]
    [InlineData("  {\"payload\":{\"body\":\"x\"},\r\n\t\"type\":\"\\u006dessage_submitted\"}  ")]
    [InlineData("""{"type":"message_submitted","payload":{"\u0062ody":"x","n":9007199254740992,"m":-0.1e-300}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"x","Body":"y","BODY":1}}""")]
    public async Task takes_what_is_strange_but_clear(string json)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.Post(json, "key")).Json(HttpStatusCode.Created);
        Assert.Equal("x", Assert.Single((await ana.Read()).Messages()).Body());
    }

    [Theory, InlineData(""), InlineData("\u0001\u001f\u007f\"\\/\b\f\n\r\t"),
        InlineData("é\u0301 \ud83d\ude00 \ufffe\uffff \u2028\u2029 </script>"), InlineData("{\"error\":1}")]
    public async Task brings_every_character_back(string body)
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await (await ana.Say(body)).Json(HttpStatusCode.Created);
        Assert.Equal(body, Assert.Single((await ana.Read()).Messages()).Body());
    }
}

public class ARepeatedMessage(TestCluster cluster)
{
    [Fact]
    public async Task is_answered_as_the_first_time_but_for_replayed()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var first = await (await ana.Say("hello", "key")).Json(HttpStatusCode.Created);
        var before = await service.RecordOf(ana.RoomID);

        var again = await (await ana.Post("""{ "payload" : {"\u0062ody": "hello"}, "type":"message_submitted", "unknown": 1}""", "key"))
            .Json(HttpStatusCode.OK);

        Assert.True(again.GetProperty("replayed").GetBoolean());
        Assert.Equal(
            first.EnumerateObject().Where(member => member.Name is not "replayed")
                .Select(member => $"{member.Name}={member.Value.GetRawText()}"),
            again.EnumerateObject().Where(member => member.Name is not "replayed")
                .Select(member => $"{member.Name}={member.Value.GetRawText()}"));
        Assert.Equal(before, await service.RecordOf(ana.RoomID));
    }

    [Theory]
    [InlineData("""{"type":"message_submitted","payload":{"body":"Hello"}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello","turn":1}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"broadcast"}}""")]
    public async Task that_means_something_else_is_a_conflict(string other)
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var first = await (await ana.Say("hello", "key")).Json(HttpStatusCode.Created);
        var before = await service.RecordOf(ana.RoomID);

        await (await ana.Post(other, "key")).IsRefused("idempotency_conflict");

        Assert.Equal(before, await service.RecordOf(ana.RoomID));
        Assert.Equal(first.Text("event_id"), (await (await ana.Say("hello", "key")).Json(HttpStatusCode.OK)).Text("event_id"));
    }

    [Fact]
    public async Task from_another_agent_is_another_message()
    {
        var room = await (await cluster.Service).NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await (await room.Agents[0].Say("hello", "key")).Json(HttpStatusCode.Created);
        await (await room.Agents[1].Say("hello", "key")).Json(HttpStatusCode.Created);
    }

    [Fact]
    public async Task is_known_again_in_a_new_session()
    {
        var ana = (await (await cluster.Service).NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var first = await (await ana.Say("hello", "key")).Json(HttpStatusCode.Created);
        await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/end");
        await ana.StartSession();
        await ana.Enter();
        Assert.Equal(first.Text("event_id"), (await (await ana.Say("hello", "key")).Json(HttpStatusCode.OK)).Text("event_id"));
    }

    [Fact]
    public async Task at_the_same_moment_is_written_once()
    {
        var service = await cluster.Service;
        var ana = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var before = await service.RecordOf(ana.RoomID);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ana.Say("hello", "key")));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        Assert.Equal(15, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK));
        Assert.Single(
            (await Task.WhenAll(answers.Select(async answer => (await answer.Json(answer.StatusCode)).Text("event_id")))).Distinct());
        Assert.Equal((before.Facts + 1, before.Answers + 1), await service.RecordOf(ana.RoomID));
    }
}
