using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using JasperFx.Events;
using Npgsql;
using Parle.Domain.Aliases;
using Parle.Domain.Record;
using Parle.Projections;
using Parle.Tests.Contents;
using Parle.Tests.Service;

namespace Parle.Tests.Record;

public class ACanonicalFact(TestCluster cluster)
{
    [Fact]
    public void has_one_text_whatever_the_order_it_is_stored_in()
    {
        var (room, fact) = (new Guid("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"), new Guid("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d12"));
        var at = new DateTimeOffset(2026, 8, 17, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(1234560);
        var data = JsonElement.Parse("""{"b": {"y": "ü", "x": 2.50}, "a": [1, null]}""");
        var headers = JsonElement.Parse(
            """{"principal": "p", "placement": {"private": null, "common": 3}, "authority": ["seat:1", "token:2"], "actor": "agent:1"}""");

        Assert.Equal(
            """{"actor":"agent:1","at":"2026-08-17T10:00:00.123456Z","authority":["seat:1","token:2"],"data":{"a":[1,null],"b":{"x":2.5,"y":"ü"}},"event_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d12","principal":"p","room_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11","type":"said"}""",
            CanonicalFact.Of(room, fact, "said", at, data, headers));
        Assert.Equal(
            """{"actor":"agent:1","at":"2026-08-17T10:00:00.123456Z","authority":["seat:1","token:2"],"correlation":"r1","data":{"a":[1,null],"b":{"x":2.5,"y":"ü"}},"event_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d12","placement":{"common":3,"private":null},"principal":"p","room_id":"019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11","type":"said"}""",
            CanonicalFact.EntryOf(room, fact, "said", at, data, headers, "r1"));
    }

    /// Any fact, before it is stored and after.
    [Fact]
    public void has_the_text_that_its_stored_parts_have() => AnyFact.Facts.Sample(fact =>
    {
        var (data, headers) = (Stored(fact.Data), Stored(fact.Headers!));
        var members = new JsonObject
        {
            ["actor"] = Node(headers, "actor"),
            ["at"] = $"{fact.Timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z",
            ["authority"] = Node(headers, "authority"),
            ["data"] = JsonNode.Parse(data.GetRawText()),
            ["event_id"] = fact.Id.ToString(),
            ["principal"] = Node(headers, "principal"),
            ["room_id"] = fact.StreamId.ToString(),
            ["type"] = fact.EventTypeName,
        };
        var text = PlainCanonicalForm.Of(JsonSerializer.SerializeToElement(members));
        members["correlation"] = fact.CorrelationId;
        members["placement"] = Node(headers, "placement");
        var entry = PlainCanonicalForm.Of(JsonSerializer.SerializeToElement(members));

        Assert.Equal(text, CanonicalFact.Of(fact.StreamId, fact.Id, fact.EventTypeName, fact.Timestamp, data, headers));
        Assert.Equal(
            entry, CanonicalFact.EntryOf(fact.StreamId, fact.Id, fact.EventTypeName, fact.Timestamp, data, headers, fact.CorrelationId));
        MustHave(fact, text, entry, data, headers);

        fact.Headers = headers.EnumerateObject().ToDictionary(header => header.Name, header => (object)header.Value.Clone());
        MustHave(fact, text, entry, data, headers);
    });

    [Fact]
    public void has_none_with_a_number_that_would_be_altered()
    {
        var fact = new Event<AliasReleased>(new("builder", (1L << 53) + 1)) { Headers = [] };

        Assert.Throws<FormatException>(() => new FactText().Read(fact));
    }

    [Fact]
    public async Task is_computed_again_from_what_is_stored()
    {
        var service = await cluster.Service;
        var room = await service.NewRoomWithPresent(Domain.Rooms.History.All, Domain.Rooms.History.FromAdmission);
        await room.Agents[0].Say("hello, \"you\" \u2028 all");
        await room.Agents[1].Say("hello yourself");

        await using var database = NpgsqlDataSource.Create(service.ConnectionString);
        await using var command = database.CreateCommand("""
            select e.id, e.type, e.timestamp, e.data::text, e.headers::text, t.leaf
            from parle.mt_events e join parle.timeline_rows t on t.event_id = e.id where e.stream_id = $1 order by e.version
            """);
        command.Parameters.Add(new() { Value = room.RoomID });
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var count = 0;
        for (; await rows.ReadAsync(TestContext.Current.CancellationToken); count++)
        {
            var text = CanonicalFact.Of(
                room.RoomID, rows.GetGuid(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2),
                JsonElement.Parse(rows.GetString(3)), JsonElement.Parse(rows.GetString(4)));
            Assert.Equal(Convert.ToHexStringLower(MerkleTree.LeafHash(text)), Convert.ToHexStringLower(rows.GetFieldValue<byte[]>(5)));
        }

        Assert.Equal(5, count); // three seats, the owner's among them, and two messages
    }

    private static void MustHave(IEvent fact, string text, string entry, JsonElement data, JsonElement headers)
    {
        var read = FactText.Of(fact);
        Assert.Equal(text, Encoding.UTF8.GetString(read.Fact));
        Assert.Equal(entry, Encoding.UTF8.GetString(read.Entry));
        Assert.Equal(PlainCanonicalForm.Of(data), Encoding.UTF8.GetString(read.Data));
        Assert.Equal(PlainCanonicalForm.Of(headers), Encoding.UTF8.GetString(read.Headers));
        Assert.Equal(MerkleTree.LeafHash(text), read.Leaf());
        Assert.Equal(MerkleTree.LeafHash(entry), read.EntryLeaf());
    }

    private static JsonElement Stored(object value) => JsonSerializer.SerializeToElement(value, value.GetType(), StoredJson.Options);

    private static JsonNode? Node(JsonElement headers, string name) =>
        headers.TryGetProperty(name, out var value) ? JsonNode.Parse(value.GetRawText()) : null;
}
