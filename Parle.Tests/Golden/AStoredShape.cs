using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Parle.Domain.Record;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.History;
using Parle.Tests.Contract;

namespace Parle.Tests.Golden;

/// Every shape in which an event was ever stored, one file each, written once and never edited (law 11). New ones are written by
/// PARLE_GOLDEN=write dotnet test; one that is there is never written again.
public class AStoredShape
{
    private static readonly string folder = Path.Combine(Golden.Folder, "facts");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(folder, "*.json").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. EventNames.All.Keys];

    [Theory, MemberData(nameof(Files))]
    public void is_read_by_this_version_and_has_the_digest_that_it_had(string file)
    {
        var stored = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, file)));
        var (name, data, headers) = (stored.Text("type"), stored.GetProperty("data"), stored.GetProperty("headers"));
        var read = FactReader.Current.ReadExactly(name, Encoding.UTF8.GetBytes(data.GetRawText()));

        Assert.Equal(FactReader.Current.TypeOf(name), read.GetType());
        Assert.Equal(stored.Text("leaf"), Leaf(CanonicalFact.Of(stored.GetProperty("stream_id").GetGuid(),
            stored.GetProperty("event_id").GetGuid(), name, stored.GetProperty("at").GetDateTimeOffset(), data, headers)));
        Assert.Equal(stored.Text("entry_leaf"),
            Leaf(CanonicalFact.EntryOf(stored.GetProperty("stream_id").GetGuid(), stored.GetProperty("event_id").GetGuid(), name,
                stored.GetProperty("at").GetDateTimeOffset(), data, headers, stored.Text("correlation"))));
        var text = FactText.Of(Replayed(stored, read));
        Assert.Equal((stored.Text("leaf"), stored.Text("entry_leaf")),
            (Convert.ToHexStringLower(text.Leaf()), Convert.ToHexStringLower(text.EntryLeaf())));
    }

    /// Whatever this version may write of an event stands in a file, with every member; what it writes with as few as can be; and what
    /// versions wrote that did not know of a member which is empty there.
    [Theory, MemberData(nameof(Names))]
    public void is_kept_for_whatever_this_version_writes(string name)
    {
        foreach (var (full, older) in new[] { (true, false), (false, false), (false, true) })
        {
            var data = JsonSerializer.SerializeToNode(Example.Of(EventNames.All[name], full), StoredJson.Options)!.AsObject();
            var parameters = EventNames.All[name].GetConstructors()[0].GetParameters()
                .Select(parameter => JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!)).ToHashSet();
            data.Where(member => older && member.Value is JsonArray { Count: 0 } && !parameters.Contains(member.Key))
                .Select(member => member.Key).ToList().ForEach(member => data.Remove(member));
            var kept = Directory.GetFiles(folder, $"{name}.*.json")
                .Any(file => SaysThere(JsonNode.Parse(File.ReadAllText(file))!["data"]!, data));
            if (!kept && Environment.GetEnvironmentVariable("PARLE_GOLDEN") is "write")
            {
                Write(name, data, full);
                Assert.Skip($"Wrote a new shape of {name}.");
            }

            Assert.True(kept, $"No file of {folder} has the shape in which {name} is written now. A stored event never changes: read "
                + "docs/changing-events.md; then PARLE_GOLDEN=write dotnet test writes the new file.");
        }
    }

    [Fact]
    public void has_a_name_that_is_known() =>
        Assert.All(Directory.GetFiles(folder), file => Assert.NotNull(FactReader.Current.TypeOf(Path.GetFileName(file).Split('.')[0])));

    // The same members, all the way down.
    private static bool SaysThere(JsonNode kept, JsonNode written) => Members(kept, "").SetEquals(Members(written, ""));

    private static HashSet<string> Members(JsonNode? node, string path) => node switch
    {
        JsonObject members =>
            [.. members.SelectMany(member => Members(member.Value, $"{path}.{member.Key}").Append($"{path}.{member.Key}"))],
        JsonArray items => [.. items.SelectMany(item => Members(item, $"{path}[]"))],
        _ => [],
    };

    private static void Write(string name, JsonNode data, bool full)
    {
        var (headers, at) = (new JsonObject
        {
            ["actor"] = "agent:019a7c1d-0000-7000-8000-000000000001/session:019a7c1d-0000-7000-8000-000000000002",
            ["principal"] = "019a7c1d-0000-7000-8000-000000000003",
            ["authority"] = new JsonArray("principal:019a7c1d-0000-7000-8000-000000000003", "token:019a7c1d-0000-7000-8000-000000000004"),
        }, "2026-08-17T10:00:00.123456Z");
        if (full && RoomFacts.Kinds.ContainsKey(EventNames.All[name]))
        {
            headers["placement"] = JsonSerializer.SerializeToNode(Example.Of(typeof(Placement), full), StoredJson.Options);
        }

        var when = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        var (stream, id) = (new Guid("019a7c1d-0000-7000-8000-000000000005"), new Guid("019a7c1d-0000-7000-8000-000000000006"));
        var (said, beside) = (JsonElement.Parse(data.ToJsonString()), JsonElement.Parse(headers.ToJsonString()));
        var number = 1 + Directory.GetFiles(folder, $"{name}.*.json").Length;
        File.WriteAllText(Path.Combine(folder, $"{name}.{number}.json"), new JsonObject
        {
            ["type"] = name,
            ["stream_id"] = stream,
            ["event_id"] = id,
            ["at"] = at,
            ["correlation"] = "r1",
            ["data"] = data,
            ["headers"] = headers,
            ["leaf"] = Leaf(CanonicalFact.Of(stream, id, name, when, said, beside)),
            ["entry_leaf"] = Leaf(CanonicalFact.EntryOf(stream, id, name, when, said, beside, "r1")),
        }.ToJsonString(new(JsonSerializerOptions.Default) { WriteIndented = true }) + "\n");
    }

    // As a rebuild reads it.
    private static IEvent Replayed(JsonElement stored, object data)
    {
        StoredText.Keep(data, Encoding.UTF8.GetBytes(stored.GetProperty("data").GetRawText()));
        var fact = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(data.GetType()), data)!;
        (fact.StreamId, fact.Id, fact.Timestamp, fact.EventTypeName, fact.CorrelationId) = (stored.GetProperty("stream_id").GetGuid(),
            stored.GetProperty("event_id").GetGuid(), stored.GetProperty("at").GetDateTimeOffset(), stored.Text("type"),
            stored.Text("correlation"));
        foreach (var header in stored.GetProperty("headers").EnumerateObject())
        {
            fact.SetHeader(header.Name, header.Value);
        }

        return fact;
    }

    private static string Leaf(string text) => Convert.ToHexStringLower(MerkleTree.LeafHash(text));
}
