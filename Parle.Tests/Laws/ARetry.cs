using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Api.Provisioning;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 3.
public class ARetry(TestCluster cluster)
{
    [Fact]
    public async Task in_a_crowd_of_its_own_has_one_effect()
    {
        var (service, ana, ben) = await Two();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => ana.Say("hello", "one-key", to: ben.Address)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(31, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single((await Task.WhenAll(answers.Select(Receipt))).Distinct());
        Assert.Equal(1, await service.Count(ana.RoomID, "message_submitted"));
    }

    [Fact]
    public async Task says_that_it_is_one()
    {
        var (_, ana, _) = await Two();
        Assert.False((await (await ana.Say("hello", "key")).Json(HttpStatusCode.Created)).GetProperty("replayed").GetBoolean());
        Assert.True((await (await ana.Say("hello", "key")).Json(HttpStatusCode.OK)).GetProperty("replayed").GetBoolean());
    }

    [Fact]
    public async Task may_be_spelt_differently_as_long_as_it_means_the_same()
    {
        var (service, ana, _) = await Two();
        var first = await ana.Post("""{"type":"message_submitted","payload":{"body":"hé","turn":1}}""", "key");
        var again = await ana.Post(
            """{ "payload": { "turn": 1.0, "body": "h\u00e9" }, "type": "message_submitted", "unknown": 1 }""", "key");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await Receipt(first), await Receipt(again));
        Assert.Equal(1, await service.Count(ana.RoomID, "message_submitted"));
    }

    [Theory]
    [InlineData("""{"type":"message_submitted","payload":{"body":"bye"}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello","turn":1}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"broadcast"}}""")]
    [InlineData("""{"type":"message_submitted","payload":{"body":"hello"},"addressing":{"audience":"direct","to":"@nobody.helper"}}""")]
    public async Task with_another_meaning_is_a_conflict_and_writes_nothing(string other)
    {
        var (service, ana, _) = await Two();
        var first = await ana.Say("hello", "key");
        await (await ana.Post(other, "key")).Refuses("idempotency_conflict");
        Assert.Equal(1, await service.Count(ana.RoomID, "message_submitted"));
        Assert.Equal(await Receipt(first), await Receipt(await ana.Say("hello", "key")));
    }

    [Fact]
    public async Task of_what_was_refused_gets_its_own_chance()
    {
        var (_, ana, ben) = await Two();
        await (await ana.Say("hello", "key", to: "@nobody.helper")).Refuses("address_not_deliverable");
        Assert.Equal(HttpStatusCode.Created, (await ana.Say("hello", "key", to: ben.Address)).StatusCode);
    }

    [Fact]
    public async Task after_the_session_was_replaced_gets_the_first_answer()
    {
        var (service, ana, ben) = await Two();
        var first = await ana.Say("hello", "key", to: ben.Address);
        await (await ana.Send(HttpMethod.Post, $"/v/agent/sessions/{ana.SessionID}/end")).Json(HttpStatusCode.NoContent);
        await (await ana.Say("hello", "key", to: ben.Address)).Refuses("agent_session_ended");
        await ana.StartSession();
        await ana.Enter();

        var again = await ana.Say("hello", "key", to: ben.Address);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await Receipt(first), await Receipt(again));
        Assert.Equal(1, await service.Count(ana.RoomID, "message_submitted"));
    }

    [Fact]
    public async Task is_nobody_elses()
    {
        var (service, ana, ben) = await Two();
        Assert.Equal(HttpStatusCode.Created, (await ana.Say("hello", "key")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await ben.Say("hello", "key")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await ana.Say("hello", "KEY")).StatusCode);
        Assert.Equal(3, await service.Count(ana.RoomID, "message_submitted"));
    }

    [Fact]
    public async Task belongs_to_its_room()
    {
        var service = await cluster.Service;
        var rooms = await OneAgentInTwoRooms(service);
        var first = await (await rooms[0].Say("hello", "key")).Json(HttpStatusCode.Created);
        var second = await (await rooms[1].Say("hello", "key")).Json(HttpStatusCode.Created);
        Assert.NotEqual(first.GetProperty("event_id").GetGuid(), second.GetProperty("event_id").GetGuid());
    }

    [Fact]
    public async Task is_recognised_without_keeping_words_or_secrets()
    {
        var (service, ana, _) = await Two();
        await (await ana.Say("open sesame", "key")).Json(HttpStatusCode.Created);

        var (line, fingerprint) = Assert.Single(await service.Rows(
            "select k::text, k.fingerprint from parle.kept_answers k where room_id = $1",
            row => (row.GetString(0), row.GetFieldValue<byte[]>(1)), ana.RoomID));

        Assert.DoesNotContain("sesame", line, StringComparison.Ordinal);
        Assert.DoesNotContain(ana.Token, line, StringComparison.Ordinal);
        Assert.DoesNotContain(ana.Credential!, line, StringComparison.Ordinal);
        Assert.All(["open sesame", """{"body":"open sesame"}"""],
            text => Assert.NotEqual(SHA256.HashData(Encoding.UTF8.GetBytes(text)), fingerprint));
    }

    /// A receipt without the one member that tells a replay from the first answer.
    internal static async Task<string> Receipt(HttpResponseMessage answer)
    {
        var receipt = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(receipt.TryGetProperty("event_id", out _), $"No receipt: {receipt}");
        return string.Join('\n', receipt.EnumerateObject().Where(member => member.Name != "replayed"));
    }

    private static async Task<IReadOnlyList<TestAgent>> OneAgentInTwoRooms(ParleService service)
    {
        var handle = $"p{Guid.NewGuid():N}"[..16];
        var provisioned = await service.Provision(new(
            [new(handle)],
            [new(handle, "helper")],
            [.. new[] { "one", "two" }.Select(
                room => new ProvisionRoom(room, handle, RoomKind.Private, [new($"@{handle}.helper")], [new($"@{handle}.helper")]))]));
        var agents = provisioned.Rooms.Select(room => new TestAgent(service.Client(), room.RoomID, room.Tokens[0].Token!)).ToList();
        await agents[0].StartSession();
        agents[1].Credential = agents[0].Credential;
        await agents[0].Enter();
        await agents[1].Enter();
        return agents;
    }

    private async Task<(ParleService Service, TestAgent Ana, TestAgent Ben)> Two()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        return (service, room.Agents[0], room.Agents[1]);
    }
}
