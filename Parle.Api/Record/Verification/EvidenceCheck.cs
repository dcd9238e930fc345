using System.Globalization;
using System.Text.Json;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>A fact in a file of evidence.</summary>
/// <param name="Position">Its position, from 1.</param>
/// <param name="Fact">The fact.</param>
/// <param name="Leaf">The given leaf.</param>
/// <param name="Proof">The inclusion proof.</param>
/// <param name="Contents">The contents.</param>
/// <param name="Committed">The digests that the fact commits to.</param>
public sealed record ReadEvidenceFact(
    long Position, JsonElement Fact, byte[] Leaf, IReadOnlyList<byte[]> Proof, IReadOnlyList<GivenWords> Contents,
    IReadOnlyDictionary<Guid, Commitment> Committed)
{
    /// <summary>The fact's data.</summary>
    public JsonElement Data => Fact.Member("data", JsonValueKind.Object);
}

/// <summary>A parsed file of evidence.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="AskID">The ask.</param>
/// <param name="Note">The signed statement.</param>
/// <param name="Facts">The facts; one or more.</param>
/// <param name="Names">The names in them.</param>
/// <param name="Keys">The keys in the file.</param>
public sealed record ReadEvidence(
    Guid RoomID, Guid AskID, string Note, IReadOnlyList<ReadEvidenceFact> Facts, JsonElement Names, KeyRing Keys)
{
    /// <summary>Parses one.</summary>
    /// <exception cref="FormatException">The JSON is something else.</exception>
    public static ReadEvidence Of(JsonElement file)
    {
        var facts = file.List("facts").Select(entry =>
        {
            var fact = entry.Member("fact", JsonValueKind.Object);
            var data = fact.Member("data", JsonValueKind.Object);
            _ = (fact.Text("type"), fact.ID("room_id"), fact.Text("at"), fact.Text("actor"), fact.Text("principal"), data.ID("ask_id"),
                data.Whole("number"));
            return new ReadEvidenceFact(
                entry.Whole("position"), fact, entry.Bytes("leaf"), entry.Hashes("inclusion_proof"), Words.Of(entry),
                Words.CommittedBy(fact));
        }).ToList();
        return facts.Count == 0 ? throw new FormatException("facts is empty") : new(
            file.ID("room_id"), file.ID("ask_id"), file.Text("statement"), facts, ReadNames.ListIn(file), KeyRing.Of(file.List("keys")));
    }
}

/// <summary>The verdict on a file of evidence.</summary>
/// <param name="Fault">The first fault; null for none.</param>
/// <param name="Partial">What of the ask the file need not have; null when it has all of it.</param>
/// <param name="Facts">The number of facts that were signed.</param>
/// <param name="At">The time of the statement.</param>
public sealed record EvidenceVerdict(Fault? Fault, Fault? Partial = null, long Facts = 0, DateTimeOffset At = default);

/// <summary>Verifies evidence about an ask with nothing but keys.</summary>
public static class EvidenceCheck
{
    /// <summary>The verdict.</summary>
    public static EvidenceVerdict Of(ReadEvidence file, KeyRing keys)
    {
        if (keys.Read(file.Note, Statement.OfEvidence) is not ({ } statement, { } signer, _))
        {
            return new(new Fault(null, $"the statement does not count: {keys.Read(file.Note, Statement.OfEvidence).Why}"));
        }

        if (statement.Origin != Statement.OriginOfEvidence(signer, file.RoomID, file.AskID))
        {
            return new(new Fault(null, $"the statement is of something else, {statement.Origin}"));
        }

        if (Count(statement.Value("facts")) is not { } count || statement.Digest("root") is not { } root
            || statement.Answer("whole") is not { } whole)
        {
            return new(new Fault(null, "the statement does not count: it has a value that is none"));
        }

        if (!StatementCheck.Is(statement.Digest("names"), NamesInFact.Digest(file.Names)))
        {
            return new(new Fault(null, "its names are not what was signed"));
        }

        var (before, number) = (file.Facts[0].Position - 1, 0L);
        foreach (var fact in file.Facts)
        {
            if (fact.Position != before + 1)
            {
                return new(new Fault(before + 1, "it is missing"));
            }

            before = fact.Position;
            if (Wrong(file, fact, number, count, root) is { } wrong)
            {
                return new(new Fault(fact.Position, wrong));
            }

            number = fact.Data.Whole("number");
        }

        var first = file.Facts[0].Position;
        return new(
            null,
            first > 1 ? new(1, $"facts 1 to {first - 1} are not in this file")
                : before < count ? new(before + 1, $"facts {before + 1} to {count} are not in this file")
                : whole ? null : new(null, "its reader came later, and need not have seen all facts of the ask"),
            count, statement.At);
    }

    /// <summary>The facts in words: when, what, by whom, for whom, and what was decided.</summary>
    public static IEnumerable<string> Story(ReadEvidence file) => file.Facts.Select(fact =>
    {
        var (actor, principal) = (fact.Fact.Text("actor"), fact.Fact.Text("principal"));
        var decided = fact.Data.Maybe("approved")?.ValueKind switch
        {
            JsonValueKind.True => " approved",
            JsonValueKind.False => " denied",
            _ => "",
        };
        var about = fact.Data.Maybe("sha256") is { ValueKind: JsonValueKind.String } sha256 ? $" sha256 {sha256.GetString()}" : "";
        return Plain(
            $"{fact.Position} {fact.Fact.Text("at")} {fact.Fact.Text("type")} by {Named(actor)} for {Named(principal)}{decided}{about}");

        // "agent:ID/session:ID"
        string Named(string id) =>
            ReadNames.AddressOf(file.Names, id.Split('/')[0].Split(':')[^1]) is { } address ? $"{address} ({id})" : id;
    });

    // Nothing in a file can look like a line of the verdict, or like another character.
    private static string Plain(string line) =>
        string.Concat(line.Select(one => one is >= ' ' and <= '~' ? one.ToString() : $"\\u{(int)one:x4}"));

    private static string? Wrong(ReadEvidence file, ReadEvidenceFact fact, long number, long count, byte[] root) =>
        fact.Fact.ID("room_id") != file.RoomID || fact.Data.ID("ask_id") != file.AskID ? "it is of another ask"
        : !fact.Leaf.AsSpan().SequenceEqual(MerkleTree.LeafHash(CanonicalJson.Of(fact.Fact))) ? "its leaf is that of another fact"
        : !MerkleTree.Includes(count, root, fact.Position - 1, fact.Leaf, fact.Proof) ? "it is not what was signed"
        : fact.Data.Whole("number") <= number ? "it stands in another place than its own"
        : Words.Wrong(fact.Contents, fact.Committed, complete: true);

    private static long? Count(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && StrictJson.IsCountable(count) && count.ToString(CultureInfo.InvariantCulture) == text ? count : null;
}
