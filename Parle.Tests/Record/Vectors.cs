using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Parle.Api.Record;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Tests.Record;

/// A small exported room and receipts of it, always the same, and what can be done to them.
internal static partial class Vectors
{
    private static readonly DateTimeOffset Start = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Seed = [.. Enumerable.Repeat((byte)7, 32)];
    private static readonly byte[] NextSeed = [.. Enumerable.Repeat((byte)8, 32)];

    private static readonly Guid RoomID = ID(1);
    private static readonly (Guid Ana, Guid Ben, Guid Cleo) Seats = (ID(11), ID(12), ID(13));

    private static readonly NoteKey Key = KeyOf(Seed);
    private static readonly NoteKey NextKey = KeyOf(NextSeed);

    private static readonly IReadOnlyList<PublishedKey> Keys =
    [
        new(1, Key, Start, Start.AddHours(1), null),
        new(2, NextKey, Start.AddMinutes(30), null, SignedNote.Sign(SigningKeys.EndorsementOf(NextKey, Start.AddMinutes(30)), Key, Seed)),
    ];

    private static readonly IReadOnlyList<(JsonElement Entry, IReadOnlyList<(Guid ID, byte[] Salt, string Body)> Contents)> Facts =
        [.. Make()];

    /// The export that holds.
    public static IReadOnlyList<string> Export { get; } = Lines(Facts.Select(fact => fact.Entry), [Note(null, 4, Seed, 10),
        Note(null, 8, Seed, 20), Note(null, Facts.Count, NextSeed, 90), Note(Seats.Ben, 3, Seed, 15), Note(Seats.Cleo, 4, Seed, 20)]);

    /// Receipts that hold: of the record, of Ben's view, and of a row that only he and Ana see.
    public static IReadOnlyDictionary<string, string> Receipts { get; } = new Dictionary<string, string>
    {
        ["receipt-record.json"] = Receipt(null, 6, 8),
        ["receipt-view.json"] = Receipt(Seats.Ben, 1, 3),
        ["receipt-private.json"] = Receipt(Seats.Ben, 2, 3),
    };

    /// Each file, and what is said of it.
    public static IEnumerable<(string Name, string Text, string Verdict)> All()
    {
        yield return ("room.ndjson", Text(Export), "OK");
        foreach (var (name, receipt) in Receipts)
        {
            yield return (name, receipt, "OK");
            yield return (name.Replace("receipt", "receipt-bad", StringComparison.Ordinal),
                receipt.Replace("\"actor\":\"agent:", "\"actor\":\"agent:x", StringComparison.Ordinal), "BAD fact");
        }

        yield return ("receipt-moved.json", Edit(Receipts["receipt-record.json"], receipt => receipt["position"] = 7), "BAD fact 7");
        yield return ("receipt-other-log.json", Edit(Receipts["receipt-view.json"], receipt => receipt["log"] = "record"), "BAD fact 1");
        yield return ("receipt-unsigned.json", Edit(Receipts["receipt-view.json"],
            receipt => receipt["checkpoint"] = ((string)receipt["checkpoint"]!).Replace("\n3\n", "\n4\n", StringComparison.Ordinal)),
            "BAD");
        yield return ("receipt-other-words.json",
            Edit(Receipts["receipt-view.json"], receipt => receipt["contents"]![0]!["body"] = """{"body":"no"}"""), "BAD fact 1");

        yield return ("room-altered.ndjson", Altered(withLeaf: true), "BAD fact 6");
        yield return ("room-altered-and-reindexed.ndjson", Altered(withLeaf: false), "BAD fact 5"); // of 5 to 8, between two checkpoints
        yield return ("room-dropped-from-the-end.ndjson", Text(Lines(Facts.SkipLast(1).Select(fact => fact.Entry), Notes)),
            $"BAD fact {Facts.Count}");
        yield return ("room-dropped.ndjson", Text([.. Export.Where(line => !line.StartsWith("{\"version\":5,", StringComparison.Ordinal))]),
            "BAD fact 5");
        yield return ("room-dropped-and-renumbered.ndjson", Text(Lines(Facts.Where((_, i) => i != 4).Select(fact => fact.Entry), Notes)),
            "BAD fact 5");
        yield return ("room-reordered.ndjson", Text(Lines(Facts.Select((_, i) => Facts[i == 5 ? 6 : i == 6 ? 5 : i].Entry), Notes)),
            "BAD fact 6");
        yield return ("room-inserted.ndjson",
            Text(Lines([.. Facts.Take(6).Select(fact => fact.Entry), Invented(), .. Facts.Skip(6).Select(fact => fact.Entry)], Notes)),
            "BAD fact 7");
        yield return ("room-forked.ndjson", Text([Export[0], Export[1], SignedNoteLine(
            new Checkpoint(Checkpoint.OriginOfRoom(Key.Name, RoomID), 4, MerkleTree.LeafHash("another"), Start.AddMinutes(11)), Seed),
            .. Export.Skip(2)]), "BAD");
        yield return ("room-other-words.ndjson",
            Text([.. Export.Select(line => line.Replace("Is it red?", "Is it blue?", StringComparison.Ordinal))]), "BAD fact 4");
        yield return ("room-words-gone.ndjson", Text([.. Export.Select(line => line.Contains("Is it red?", StringComparison.Ordinal)
            ? Edit(line, fact => (fact["contents"]![0]!["body"], fact["contents"]![0]!["salt"]) = (null, null)) : line)]), "BAD");
        yield return ("room-cut.ndjson", Text([.. Export.SkipLast(1)]), $"BAD fact {Facts.Count + 1}");
        yield return ("room-unsigned.ndjson",
            Text([.. Export.Where(line => !line.StartsWith("{\"checkpoint\"", StringComparison.Ordinal))]), "BAD");
        yield return ("room-of-another-signer.ndjson",
            Text([Edit(Export[0], header => header["name"] = "parle.elsewhere"), .. Export.Skip(1)]), "BAD");
        yield return ("room-signed-behind.ndjson", Text([Export[0], .. Export.Skip(1 + Notes.Count).SkipLast(1), .. Notes, Export[^1]]),
            "BAD");
        yield return ("room-end-in-disguise.ndjson", Text([.. Export.SkipLast(3), Export[1].Insert(1, "\"end\":{\"facts\":99},")]), "BAD");
        yield return ("room-said-twice.ndjson", Text([.. Export.Select(line => line.StartsWith("{\"version\":6,", StringComparison.Ordinal)
            ? line.Replace("\"fact\":{", "\"fact\":{\"type\":\"ask_decided\",", StringComparison.Ordinal) : line)]), "BAD fact 6");
        foreach (var forged in Forged().Concat(ToHandOn()))
        {
            yield return forged;
        }

        yield return ("room-late-signature.ndjson", Text([Export[0], SignedNoteLine(
            new Checkpoint(Checkpoint.OriginOfRoom(Key.Name, RoomID), 4, MerkleTree.Over(Leaves(null)[..4]).Root(), Start.AddHours(2)),
            Seed), .. Export.Skip(2)]), "BAD");
    }

    private static IReadOnlyList<string> Notes => [.. Export.Where(line => line.StartsWith("{\"checkpoint\"", StringComparison.Ordinal))];

    private static IEnumerable<(JsonElement, IReadOnlyList<(Guid, byte[], string)>)> Make()
    {
        var number = 0;
        yield return (Entry(++number, "room_opened", new { owner_id = ID(2), handle = "release", kind = "shared" }, null), []);
        yield return (Entry(++number, "seat_admitted",
            new { seat_id = Seats.Ana, principal_id = ID(2), agent_id = ID(21), history = "from_admission" }, new { common = 1 }), []);
        yield return (Entry(++number, "seat_admitted",
            new { seat_id = Seats.Ben, principal_id = ID(3), agent_id = ID(22), history = "from_admission" }, new { common = 2 }), []);
        yield return Whole(Said(++number, "Is it red?", new { common = 3 }));
        yield return Whole(
            Said(++number, "Between us: it is.", new { @private = new[] { Place(Seats.Ana, 3, 1, 3), Place(Seats.Ben, 3, 1, 2) } }));
        yield return Whole(Said(++number, "Nobody knows.", new { common = 4 }));
        yield return (Entry(++number, "seat_admitted",
            new { seat_id = Seats.Cleo, principal_id = ID(4), agent_id = ID(23), history = "all" }, new { common = 5 }), []);
        yield return (Entry(++number, "participant_left", new { participant_id = ID(31) }, null), []);
        var erased = Said(++number, "A secret.", new { common = 6 });
        yield return (erased.Entry, [(erased.Content.ID, [], "")]);
        yield return (Entry(++number, "content_redacted",
            new { fact_id = erased.Content.ID, contents = new[] { erased.Content.ID }, reason = "secret", by_seat_id = Seats.Ana },
            new { common = 7 }), []);
        yield return Asked(++number);
    }

    // An ask that hands over two things: each has words of its own.
    private static (JsonElement, IReadOnlyList<(Guid, byte[], string)>) Asked(int number)
    {
        var words = (ID: ID(100 + number), Salt: Salt(number), Body: """{"title":"Read this."}""");
        var items = new[] { 1, 2 }.Select(i => (ID: ID(200 + i), Salt: Salt(200 + i),
            Body: $$"""{"is_json":false,"media_type":"text/plain","name":"part {{i}}","text":"This is part {{i}}."}""")).ToList();
        return (
            Entry(number, "ask_opened",
                new
                {
                    ask_id = words.ID,
                    words = Committed(words),
                    context = items.Select(item => new { item_id = item.ID, seat_id = Seats.Ana, content = Committed(item) })
                }, new { common = 8 }),
            [words, .. items]);
    }

    private static object Committed((Guid ID, byte[] Salt, string Body) content) =>
        Commitment.To(content.Salt, System.Text.Encoding.UTF8.GetBytes(content.Body)) is var commitment
            ? new { sha256 = commitment.Sha256, bytes = commitment.Bytes } : throw new InvalidOperationException();

    private static byte[] Salt(int number) => [.. Enumerable.Repeat((byte)number, 16)];

    private static (JsonElement, IReadOnlyList<(Guid, byte[], string)>) Whole((JsonElement Entry, (Guid, byte[], string) Content) said) =>
        (said.Entry, [said.Content]);

    private static (JsonElement Entry, (Guid ID, byte[] Salt, string Body) Content) Said(int number, string text, object placement)
    {
        var (salt, body) = (Enumerable.Repeat((byte)number, 16).ToArray(), JsonSerializer.Serialize(new { body = text }));
        var commitment = Commitment.To(salt, System.Text.Encoding.UTF8.GetBytes(body));
        return (Entry(number, "message_submitted",
            new { message_id = ID(100 + number), content = new { sha256 = commitment.Sha256, bytes = commitment.Bytes } }, placement),
            (ID(100 + number), salt, body));
    }

    private static object Place(Guid seat, int after, int place, int seq) => new { seat_id = seat, after, number = place, seq };

    private static JsonElement Entry(int number, string type, object data, object? placement) => JsonElement.Parse(CanonicalFact.EntryOf(
        RoomID, ID(100 + number), type, Start.AddMinutes(number), JsonSerializer.SerializeToElement(data),
        JsonSerializer.SerializeToElement(new Dictionary<string, object?>
        {
            ["actor"] = $"agent:{ID(21)}/session:{ID(41)}",
            ["principal"] = ID(2),
            ["authority"] = new[] { $"seat:{Seats.Ana}", $"token:{ID(51)}", $"session:{ID(41)}" },
        }.Concat(placement is null ? [] : [new("placement", placement)]).ToDictionary()),
        $"request-{number}"));

    private static JsonElement Invented() => Said(99, "Never said.", new { common = 5 }).Entry;

    private static JsonElement AsSeen(JsonElement entry) => JsonSerializer.SerializeToElement(
        entry.EnumerateObject().Where(member => member.Name is not ("correlation" or "placement"))
            .ToDictionary(member => member.Name, member => member.Value));

    // Ben's view and Cleo's, as their seats would read them.
    private static List<JsonElement> Log(Guid? seat) => seat is not { } of ? [.. Facts.Select(fact => fact.Entry)]
        : [.. Facts.Where((fact, i) => fact.Entry.GetProperty("placement") is { ValueKind: JsonValueKind.Object } placement && (
            placement.TryGetProperty("common", out _) ? of == Seats.Cleo || i > 2
            : placement.GetProperty("private").EnumerateArray().Any(place => place.GetProperty("seat_id").GetGuid() == of)))
                .Select(fact => AsSeen(fact.Entry))];

    private static List<byte[]> Leaves(Guid? seat) => [.. Log(seat).Select(fact => MerkleTree.LeafHash(CanonicalJson.Of(fact)))];

    private static string Note(Guid? seat, int size, byte[] seed, int minutes) => SignedNoteLine(
        new Checkpoint(seat is { } id ? Checkpoint.OriginOfView(Key.Name, RoomID, id) : Checkpoint.OriginOfRoom(Key.Name, RoomID), size,
            MerkleTree.Over(Leaves(seat)[..size]).Root(), Start.AddMinutes(minutes)), seed);

    private static string SignedNoteLine(Checkpoint checkpoint, byte[] seed) =>
        JsonSerializer.Serialize(new ExportedCheckpoint(SignedNote.Sign(checkpoint.Text, KeyOf(seed), seed)), WireJson.Options);

    private static List<string> Lines(IEnumerable<JsonElement> entries, IReadOnlyList<string> notes)
    {
        var facts = entries.ToList();
        var lines = facts.Select((entry, i) =>
        {
            var known = Facts.FirstOrDefault(
                fact => fact.Entry.GetProperty("event_id").GetString() == entry.GetProperty("event_id").GetString());
            IReadOnlyList<ExportedContent>? contents = known.Contents is { Count: > 0 }
                ? [.. known.Contents.Select(content => content.Body.Length == 0
                    ? new ExportedContent(content.ID, null, null) : new(content.ID, content.Salt, content.Body))]
                : null;
            return new ExportedFact(
                i + 1, entry, MerkleTree.LeafHash(CanonicalJson.Of(i < Facts.Count ? Facts[i].Entry : entry)), contents);
        });
        return
        [
            JsonSerializer.Serialize(new ExportHeader(
                RoomExport.FormatName, RoomID, Key.Name, Start.AddHours(2), facts.Count, true, PublishedKeys.Of(Keys).Keys),
                WireJson.Options),
            .. notes,
            .. lines.Select(line => JsonSerializer.Serialize(line, WireJson.Options)),
            JsonSerializer.Serialize(new ExportEnd(new(facts.Count)), WireJson.Options),
        ];
    }

    private static string Altered(bool withLeaf) => Text(
        [.. Export.Select(line => !line.StartsWith("{\"version\":6,", StringComparison.Ordinal) ? line : Edit(line, fact =>
        {
            fact["fact"]!["principal"] = ID(3).ToString();
            if (!withLeaf)
            {
                fact["leaf"] = Convert.ToBase64String(
                    MerkleTree.LeafHash(CanonicalJson.Of(JsonSerializer.SerializeToElement(fact["fact"]))));
            }
        }))]);

    private static string Receipt(Guid? seat, int position, int size)
    {
        var (log, tree) = (Log(seat), MerkleTree.Over(Leaves(seat)[..size]));
        var fact = log[position - 1];
        var note = JsonElement.Parse(Note(seat, size, Seed, 20)).GetProperty("checkpoint").GetString()!;
        var content = Facts.First(
            known => known.Entry.GetProperty("event_id").GetString() == fact.GetProperty("event_id").GetString()).Contents[0];
        return JsonSerializer.Serialize(
            new SignedReceipt(
                SignedReceipt.FormatName, seat is null ? SignedReceipt.RecordLog : SignedReceipt.ViewLog, position, fact, null, note,
                [.. tree.InclusionProof(position - 1).Select(Convert.ToBase64String)], null, null,
                [.. Keys.Select(key => key.Key.ToString())], [new(content.ID, content.Salt, content.Body)]),
            WireJson.Options) + "\n";
    }

    private static string Edit(string json, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(json)!;
        change(node);
        return node.ToJsonString(WireJson.Options) + (json.EndsWith('\n') ? "\n" : "");
    }

    private static string Text(IReadOnlyList<string> lines) => string.Join('\n', lines) + "\n";

    private static NoteKey KeyOf(byte[] seed)
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        return new("parle.example", key);
    }

    private static Guid ID(int number) => new($"019a7c1e-0000-7000-8000-{number.ToString("x12", CultureInfo.InvariantCulture)}");
}
