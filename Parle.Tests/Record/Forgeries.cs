using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Api.Record;
using Parle.Api.Wire;
using Parle.Domain.Record;

namespace Parle.Tests.Record;

/// Changes of an export that alter no signed fact; and spellings of a file that leave it the same file.
internal static partial class Vectors
{
    private static readonly byte[] EvilSeed = [.. Enumerable.Repeat((byte)9, 32)];
    private static readonly NoteKey EvilKey = KeyOf(EvilSeed);
    private static readonly DateTimeOffset EndOfTime = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// The keys that the service publishes: what all vectors are judged by.
    public static string PublishedKeysFile => JsonSerializer.Serialize(PublishedKeys.Of(Keys), WireJson.Options) + "\n";

    private static IEnumerable<(string Name, string Text, string Verdict)> Forged()
    {
        var early = Start.AddMinutes(20);
        yield return ("room-words-left-out.ndjson",
            Text([.. Export.Select(line => IsFact(line, 4) ? Edit(line, fact => fact.AsObject().Remove("contents")) : line)]),
            "BAD fact 4");
        yield return ("room-all-words-left-out.ndjson",
            Text([.. Export.Select(line => line.StartsWith("{\"version\"", StringComparison.Ordinal)
                ? Edit(line, fact => fact.AsObject().Remove("contents")) : line)]), "BAD fact 4");
        yield return ("room-words-exchanged.ndjson", Text(WithIDs(6, 104, 106)), "BAD fact 4");
        yield return ("room-words-under-another-id.ndjson", Text([.. Export.Select(
            line => IsFact(line, 4) ? Edit(line, fact => fact["contents"]![0]!["content_id"] = ID(999).ToString()) : line)]), "BAD fact 4");
        yield return ("room-words-of-an-item-for-another.ndjson",
            Text([.. Export.Select(line => IsFact(line, 11) ? Edit(line, fact => Copy(fact["contents"]!, 1, 2)) : line)]), "BAD fact 11");
        yield return ("room-item-left-out.ndjson",
            Text([.. Export.Select(line => IsFact(line, 11) ? Edit(line, fact => fact["contents"]!.AsArray().RemoveAt(2)) : line)]),
            "BAD fact 11");
        yield return ("room-words-there-twice.ndjson", Text([.. Export.Select(
            line => IsFact(line, 4) ? Edit(line, fact => fact["contents"]!.AsArray().Add(fact["contents"]![0]!.DeepClone())) : line)]),
            "BAD fact 4");
        yield return ("room-words-without-notice.ndjson", Text([Edit(Export[0], header => header["contents"] = false), .. Export.Skip(1)]),
            "BAD fact 4");
        yield return ("room-words-put-back.ndjson",
            Text([.. Export.Select(line => IsFact(line, 9) ? Edit(line, fact => fact["contents"] = WordsOf(9, "A secret.")) : line)]),
            "BAD");
        yield return ("room-signed-in-part.ndjson",
            Text([.. Export.Where(line => !line.StartsWith("{\"checkpoint\"", StringComparison.Ordinal) || line == Export[1]).Select(line =>
                IsFact(line, 6) ? Edit(line, fact => (fact["fact"]!["principal"], fact["leaf"]) = (ID(3).ToString(), null)) : line)]),
            "BAD fact 5");
        yield return ("room-endorsed-by-a-retired-key.ndjson",
            SignedBy(EvilSeed, Published(EvilKey, early, SignedNote.Sign(SigningKeys.EndorsementOf(EvilKey, early), Key, Seed))), "BAD");
        yield return ("room-endorsed-twice.ndjson", SignedBy(
            NextSeed, Published(
                EvilKey, Start.AddHours(2), SignedNote.Sign(SigningKeys.EndorsementOf(EvilKey, Start.AddHours(2)), NextKey, NextSeed)),
            Published(KeyOf([.. Enumerable.Repeat((byte)10, 32)]), Start.AddHours(2), SignedNote.Sign(
                SigningKeys.EndorsementOf(KeyOf([.. Enumerable.Repeat((byte)10, 32)]), Start.AddHours(2)), NextKey, NextSeed))), "BAD");
        yield return ("room-endorsed-next.ndjson", SignedBy(EvilSeed, Published(
            EvilKey, Start.AddHours(2), SignedNote.Sign(SigningKeys.EndorsementOf(EvilKey, Start.AddHours(2)), NextKey, NextSeed))), "OK");
        yield return ("room-endorsed-at-the-end-of-time.ndjson", Text([Edit(Export[0], header => header["keys"]!.AsArray()
            .Add(Published(EvilKey, EndOfTime, SignedNote.Sign(SigningKeys.EndorsementOf(EvilKey, EndOfTime), NextKey, NextSeed)))),
            .. Export.Skip(1)]), "OK");
        yield return ("room-signed-at-no-time.ndjson", Text([Export[0], TimelessNote("never"), .. Export.Skip(1)]), "BAD");
        yield return ("room-signed-at-no-day.ndjson", Text([Export[0], TimelessNote("2026-02-30T10:00:00Z"), .. Export.Skip(1)]), "BAD");
        yield return ("room-key-of-no-time.ndjson",
            Text([Edit(Export[0], header => header["keys"]![0]!["valid_until"] = "for ever"), .. Export.Skip(1)]), "BAD");
        yield return ("room-of-half-a-character.ndjson",
            Text([.. Export.Select(line => IsFact(line, 6) ? line.Insert(1, "\"note\":\"\\ud800\",") : line)]), "BAD fact 6");
        yield return ("room-of-a-number-beyond.ndjson",
            Text([.. Export.Select(line => IsFact(line, 6) ? line.Insert(1, "\"note\":9007199254740993,") : line)]), "BAD fact 6");
        yield return ("room-without-a-fact.ndjson",
            Text([.. Export.Select(line => IsFact(line, 6) ? "{\"version\":6,\"fact\":null}" : line)]), "BAD");
        yield return ("room-with-a-word-behind.ndjson", Text(Export) + "so be it\n", $"BAD fact {Facts.Count + 1}");
        yield return ("room-with-blank-lines.ndjson", "\n" + string.Join("\n \t\n", Export) + "\n\n", "OK");
        yield return ("room-with-a-byte-order-mark.ndjson", "\uFEFF" + Text(Export), "OK");
        yield return ("room-with-a-byte-order-mark-inside.ndjson", Text([.. Export.Take(3), "\uFEFF" + Export[3], .. Export.Skip(4)]),
            "BAD fact 1");
        yield return ("room-with-carriage-returns.ndjson", string.Join("\r\n", Export) + "\r\n", "OK");
        yield return ("room-without-a-last-line-break.ndjson", string.Join('\n', Export), "OK");
        yield return ("room-with-escapes.ndjson", Text([.. Export.Select(
            line => line.Replace("/", "\\/", StringComparison.Ordinal).Replace("red", "r\\u0065d", StringComparison.Ordinal))]), "OK");
        yield return ("receipt-of-a-short-node.json",
            Edit(Receipts["receipt-record.json"], receipt => receipt["inclusion_proof"]![0] = Convert.ToBase64String(new byte[31])),
            "BAD fact 6");
        yield return ("receipt-words-under-another-id.json",
            Edit(Receipts["receipt-view.json"], receipt => receipt["contents"]![0]!["content_id"] = ID(999).ToString()), "BAD fact 1");
        yield return ("receipt-words-there-twice.json",
            Edit(Receipts["receipt-view.json"], receipt => receipt["contents"]!.AsArray().Add(receipt["contents"]![0]!.DeepClone())),
            "BAD fact 1");
    }

    private static bool IsFact(string line, int version) => line.StartsWith($"{{\"version\":{version},", StringComparison.Ordinal);

    // The words of facts 4 and 6, each under the id of the other.
    private static List<string> WithIDs(int version, int one, int other) => [.. Export.Select(line =>
        IsFact(line, 4) ? Edit(line, fact => fact["contents"]![0]!["content_id"] = ID(other).ToString())
        : IsFact(line, version) ? Edit(line, fact => fact["contents"]![0]!["content_id"] = ID(one).ToString())
        : line)];

    private static void Copy(JsonNode contents, int from, int to) =>
        (contents[to]!["salt"], contents[to]!["body"]) = (contents[from]!["salt"]!.DeepClone(), contents[from]!["body"]!.DeepClone());

    private static JsonArray WordsOf(int number, string text) => [new JsonObject
    {
        ["content_id"] = ID(100 + number).ToString(), ["salt"] = Convert.ToBase64String(Salt(number)),
        ["body"] = JsonSerializer.Serialize(new { body = text }),
    }];

    private static JsonObject Published(NoteKey key, DateTimeOffset from, string endorsement) =>
        JsonSerializer.SerializeToNode(new PublishedKeyView(key.ToString(), from, null, endorsement), WireJson.Options)!.AsObject();

    // The same room with one more fact that the service never recorded, signed with a key that the file brings.
    private static string SignedBy(byte[] seed, params IReadOnlyList<JsonObject> keys)
    {
        var invented = Said(99, "I, Ben, approve the transfer.", new { common = 9 });
        var leaves = Leaves(null).Append(MerkleTree.LeafHash(Domain.Contents.CanonicalJson.Of(invented.Entry))).ToList();
        var note = SignedNoteLine(
            new Checkpoint(Checkpoint.OriginOfRoom(Key.Name, RoomID), leaves.Count, MerkleTree.Over(leaves).Root(), Start.AddHours(3)),
            seed);
        var line = JsonSerializer.Serialize(
            new ExportedFact(
                leaves.Count, invented.Entry, leaves[^1], [new(invented.Content.ID, invented.Content.Salt, invented.Content.Body)]),
            WireJson.Options);
        return Text(
        [
            Edit(Export[0], header =>
            {
                header["facts"] = leaves.Count;
                keys.ToList().ForEach(key => header["keys"]!.AsArray().Add(key.DeepClone()));
            }),
            .. Notes, note, .. Export.Skip(1 + Notes.Count).SkipLast(1), line,
            JsonSerializer.Serialize(new ExportEnd(new(leaves.Count)), WireJson.Options),
        ]);
    }

    // A note that says nothing of when, by a key that counts no more.
    private static string TimelessNote(string time)
    {
        var checkpoint = new Checkpoint(Checkpoint.OriginOfRoom(Key.Name, RoomID), 4, MerkleTree.Over(Leaves(null)[..4]).Root(), Start);
        var text = string.Join('\n', [.. checkpoint.Text.Split('\n').SkipLast(2), $"time {time}", ""]);
        return JsonSerializer.Serialize(new ExportedCheckpoint(SignedNote.Sign(text, Key, Seed)), WireJson.Options);
    }
}
