using System.Text.Json;
using Npgsql;
using Parle.Api.Asks;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Record;
using Parle.Projections.Asks;
using Parle.Projections.Auditing;

namespace Parle.Api.Record;

/// <summary>
/// Makes evidence about asks. Its tree is over the facts of the ask alone, so that the file tells nothing of what else happened. Each
/// fact in it is compared with the reader's signed view first.
/// </summary>
public sealed class Evidence(NpgsqlDataSource database, Checkpoints checkpoints, Statements statements, SigningKeys keys)
{
    /// <summary>Most facts of a file.</summary>
    public const int MaxFacts = 200;

    // A file stays below what any answer may have, unless its reader asks for certain words, or its only fact is larger.
    private const int MaxBytes = 288 * 1024;
    private const int MaxFactBytes = 144 * 1024;
    private const int MaxRestBytes = 16 * 1024; // The note and the keys.

    /// <summary>A file about an ask, and the places of its facts in the reader's view.</summary>
    /// <param name="view">The reader's view.</param>
    /// <param name="askID">The ask.</param>
    /// <param name="seen">All facts of the ask that the reader sees; more than <c>query.After</c>.</param>
    /// <param name="whole">Whether the reader sees all facts of the ask.</param>
    /// <param name="query">The requested part.</param>
    /// <param name="now">The time now.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokenRecordException">A fact is not what was signed in the view.</exception>
    public async Task<(AskEvidence File, IReadOnlyList<long> Shown)> Of(
        ViewLog view, Guid askID, IReadOnlyList<AskLeaf> seen, bool whole, EvidenceQuery query, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var tree = MerkleTree.Over([.. seen.Select(row => row.Leaf)]);
        var rows = seen.Skip(query.After).Take(MaxFacts).ToList();
        var stored = (await RecordPage.Facts(database, view.RoomID, [.. rows.Select(row => row.EventID)], cancellation))
            .ToDictionary(fact => fact.EventID);
        var bare = AskHistory.Fitting(
            rows.Select((row, i) => Bare(stored.GetValueOrDefault(row.EventID) ?? throw new BrokenRecordException(view, row.Seq), i)),
            MaxFactBytes);
        rows = [.. rows.Take(bare.Count)];
        await checkpoints.Confirm(view, [.. rows.Zip(bare).Select(pair => (pair.First.Seq, pair.Second.Leaf))], cancellation);
        if (rows.Zip(bare).Any(pair => !pair.First.Leaf.AsSpan().SequenceEqual(pair.Second.Leaf)))
        {
            throw new BrokenRecordException(view, rows[^1].Seq);
        }

        var names = await statements.NamesIn(view.RoomID, bare.Select(fact => fact.Fact), cancellation);
        var most = MaxBytes - MaxRestBytes - SizeOf(bare) - SizeOf(names.Names);
        var facts = await WithWords(view.RoomID, bare, query, query.ContentID is null ? most : int.MaxValue, now, cancellation);
        var note = await statements.Sign(
            (name, at) => Statement.Evidence(
                Statement.OriginOfEvidence(name, view.RoomID, askID), seen.Count, tree.Root(), names.Digest, whole, at),
            cancellation);
        var published = (await keys.All(cancellation)).Select(key => key.Key.ToString());
        return (
            new(AskEvidence.FormatName, view.RoomID, askID, note, facts, names.Names, [.. published],
                query.After + facts.Count < seen.Count ? query.After + facts.Count : null),
            [.. rows.Select(row => row.Seq)]);

        EvidenceFact Bare(AuditRow fact, int index)
        {
            var text = CanonicalFact.Of(view.RoomID, fact.EventID, fact.Type, fact.At, fact.Data, fact.Headers);
            return new(
                query.After + index + 1, JsonElement.Parse(text), MerkleTree.LeafHash(text),
                [.. tree.InclusionProof(query.After + index).Select(Convert.ToBase64String)],
                [.. fact.ContentIDs.Select(id => new EvidenceContent(id, null, null)
                {
                    Missing = EvidenceContent.LeftOut,
                    Where = $"/v/rooms/{view.RoomID}/asks/{askID}/evidence?after={query.After}&contents={id}",
                })]);
        }
    }

    private async Task<IReadOnlyList<EvidenceFact>> WithWords(
        Guid roomID, IReadOnlyList<EvidenceFact> facts, EvidenceQuery query, int most, DateTimeOffset now, CancellationToken cancellation)
    {
        var (wanted, left) = (new HashSet<Guid>(), (long)most);
        foreach (var (id, commitment) in facts.SelectMany(fact => Commitments.Of(fact.Fact.GetProperty("event_id").GetGuid(),
            fact.Fact.GetProperty("data"))).Where(_ => query.WithContents))
        {
            if (query.ContentID is null ? commitment.Bytes <= left : id == query.ContentID)
            {
                wanted.Add(id);
                left -= commitment.Bytes;
            }
        }

        var expired = facts.SelectMany(fact => Expired(fact.Fact, now)).ToHashSet();
        wanted.ExceptWith(expired);
        var kept = await RecordPage.Contents(
            database, roomID, [.. facts.SelectMany(fact => fact.Contents).Select(content => content.ContentID)], [.. wanted], cancellation);
        left = most;
        return [.. facts.Select(fact => fact with { Contents = [.. fact.Contents.Select(Fill)] })];

        EvidenceContent Fill(EvidenceContent content)
        {
            if (!kept.TryGetValue(content.ContentID, out var words) || expired.Contains(content.ContentID))
            {
                return new(content.ContentID, null, null)
                { Missing = expired.Contains(content.ContentID) ? EvidenceContent.Expired : EvidenceContent.Erased };
            }

            var filled = words is var (salt, body) ? new EvidenceContent(content.ContentID, salt, body) : content;
            var more = SizeOf(filled) - SizeOf(content);
            if (more > left)
            {
                return content;
            }

            left -= Math.Max(more, 0);
            return filled;
        }
    }

    private static IEnumerable<Guid> Expired(JsonElement fact, DateTimeOffset now) =>
        fact.GetProperty("data").TryGetProperty("context", out var items) && items.ValueKind is JsonValueKind.Array
            ? items.EnumerateArray().Where(item => item.TryGetProperty("expires_at", out var end) && end.ValueKind is JsonValueKind.String
                && end.GetDateTimeOffset() <= now).Select(item => item.GetProperty("item_id").GetGuid())
            : [];

    private static int SizeOf<T>(T part) => JsonSerializer.SerializeToUtf8Bytes(part, WireJson.Options).Length;
}
