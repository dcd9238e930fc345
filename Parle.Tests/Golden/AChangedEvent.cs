using System.Text.Json;
using Marten;
using Npgsql;
using Parle.Domain;
using Parle.Domain.Record;
using Parle.Projections;
using Parle.Projections.History;
using Parle.Projections.Replaying;
using Parle.Tests.Service;

namespace Parle.Tests.Golden;

/// Follows docs/changing-events.md: an event is stored by one version, and read by the next one, which has another name or more members for
/// it.
public class AChangedEvent(TestCluster cluster)
{
    private static readonly FactReader before = new(
        new Dictionary<string, Type> { ["lamp_lit"] = typeof(LampLit), ["lamp_moved"] = typeof(LampMoved) }, []);

    private static readonly FactReader after = new(
        new Dictionary<string, Type> { ["light_switched"] = typeof(LightSwitched), ["lamp_moved"] = typeof(LampMovedFarther) },
        [new("lamp_lit", typeof(LightSwitched), stored => new() { ["room"] = stored["where"]!.DeepClone(), ["on"] = true })]);

    [Fact]
    public async Task is_read_as_it_is_called_and_shaped_now_and_keeps_its_digest()
    {
        var database = await cluster.NewDatabase();
        var stream = Guid.NewGuid();
        using (var older = Store(database, before))
        {
            await using var session = older.LightweightSession();
            session.Events.StartStream(stream, Fact(session, new LampLit("hall")), Fact(session, new LampMoved("attic")));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var digests = await Digests(database, stream);
        using var newer = Store(database, after);
        await using var reading = newer.LightweightSession();
        Assert.Equal([new LightSwitched("hall", true), new LampMovedFarther("attic") { Steps = 3 }],
            (await reading.Events.FetchStreamAsync(stream, token: TestContext.Current.CancellationToken)).Select(fact => fact.Data));

        await using var source = NpgsqlDataSource.Create(database);
        using var stored = new StoredFacts(source, 0, 10_000, after);
        var replayed = stored.Next()!.Facts.Where(fact => fact.StreamId == stream).ToList();
        Assert.Equal([new LightSwitched("hall", true), new LampMovedFarther("attic") { Steps = 3 }], replayed.Select(fact => fact.Data));
        Assert.Equal(digests, replayed.Select(
            fact => (Convert.ToHexStringLower(FactText.LeafOf(fact)), Convert.ToHexStringLower(FactText.EntryLeafOf(fact)))));

        reading.Events.Append(stream, Fact(reading, new LightSwitched("hall", false)));
        await reading.SaveChangesAsync(TestContext.Current.CancellationToken);
        Assert.Equal(digests, (await Digests(database, stream)).Take(2));
    }

    [Fact]
    public void is_not_taken_in_where_it_says_more_or_less_than_it_ever_did()
    {
        Assert.Equal(new LightSwitched("hall", true), after.ReadExactly("lamp_lit", """{"where":"hall"}"""u8.ToArray()));
        Assert.Throws<JsonException>(() => after.ReadExactly("light_switched", """{"room":"hall","on":true,"colour":"red"}"""u8.ToArray()));
        Assert.Throws<JsonException>(() => after.ReadExactly("light_switched", """{"on":true}"""u8.ToArray()));
        // It was three steps then: only what was empty may be left out.
        Assert.Throws<JsonException>(() => after.ReadExactly("lamp_moved", """{"to":"attic"}"""u8.ToArray()));
        Assert.Throws<ArgumentException>(
            () => new FactReader(new Dictionary<string, Type> { ["lamp_lit"] = typeof(LampLit) }, [new("lamp_lit", typeof(LampLit))]));
    }

    private static DocumentStore Store(string database, FactReader reader) => DocumentStore.For(options =>
    {
        options.Connection(database);
        ParleStore.Configure(options, reader);
    });

    private static JasperFx.Events.IEvent Fact(IDocumentSession session, object data) =>
        session.BuildFact(
            data, Guid.CreateVersion7(), DateTimeOffset.UtcNow, new Attribution("operator:test", Guid.NewGuid(), ["operator:test"], "r1"));

    // As whoever verifies computes them: of what is stored.
    private static async Task<List<(string Leaf, string EntryLeaf)>> Digests(string database, Guid stream)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "select id, type, timestamp, data::text, headers::text from parle.mt_events where stream_id = $1 order by version", connection)
        { Parameters = { new() { Value = stream } } };
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var digests = new List<(string, string)>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            var (id, type, at, data, headers) = (rows.GetGuid(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2),
                JsonElement.Parse(rows.GetString(3)), JsonElement.Parse(rows.GetString(4)));
            digests.Add((Convert.ToHexStringLower(MerkleTree.LeafHash(CanonicalFact.Of(stream, id, type, at, data, headers))),
                Convert.ToHexStringLower(MerkleTree.LeafHash(CanonicalFact.EntryOf(stream, id, type, at, data, headers, "r1")))));
        }

        return digests;
    }

    private sealed record LampLit(string Where);

    private sealed record LightSwitched(string Room, bool On);

    private sealed record LampMoved(string To);

    private sealed record LampMovedFarther(string To)
    {
        public int Steps { get; init; } = 3;
    }
}
