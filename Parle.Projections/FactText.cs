using System.Buffers;
using System.Text.Json;
using JasperFx.Events;
using Parle.Domain.Contents;
using Parle.Domain.Record;
using Parle.Projections.History;

namespace Parle.Projections;

/// <summary>
/// A fact as it is stored and as it is hashed, each part of it serialized once; of one that is stored already, what is stored is taken,
/// never what an object would be serialized as today. The spans are good until the next fact is read;
/// whoever reads many uses one of these again and again, on one thread at a time.
/// </summary>
public sealed class FactText
{
    private readonly CanonicalWriter canonical = new();
    private readonly ArrayBufferWriter<byte> parts = new(1024);
    private readonly ArrayBufferWriter<byte> text = new(2048);
    private IEvent? fact;
    private JsonElement? stored;
    private Range data, headers, actor, authority, placement, principal;

    [ThreadStatic]
    private static FactText? ofThisThread;

    /// <summary>One that nobody else uses, until the next call on this thread.</summary>
    public static FactText Of(IEvent fact)
    {
        var text = ofThisThread ??= new();
        text.Read(fact);
        return text;
    }

    /// <summary>The digest of a fact in the logs of the views it stands in.</summary>
    public static byte[] LeafOf(IEvent fact) => LeavesOf(fact)?.Leaf ?? Of(fact).Leaf();

    /// <summary>The digest of a fact in the room's own log.</summary>
    public static byte[] EntryLeafOf(IEvent fact) => LeavesOf(fact)?.EntryLeaf ?? Of(fact).EntryLeaf();

    /// <summary>What it says: canonical JSON, in UTF-8.</summary>
    public ReadOnlySpan<byte> Data => parts.WrittenSpan[data];

    /// <summary>Who acted, for whom, by what right and where it stands: canonical JSON, in UTF-8.</summary>
    public ReadOnlySpan<byte> Headers => parts.WrittenSpan[headers];

    /// <summary>The fact's one text, see <see cref="CanonicalFact"/>.</summary>
    public ReadOnlySpan<byte> Fact
    {
        get
        {
            text.ResetWrittenCount();
            CanonicalFact.Write(text, Parts);
            return text.WrittenSpan;
        }
    }

    /// <summary>The same, with what only the room's own log tells.</summary>
    public ReadOnlySpan<byte> Entry
    {
        get
        {
            text.ResetWrittenCount();
            CanonicalFact.WriteEntry(text, Parts, parts.WrittenSpan[placement], fact!.CorrelationId);
            return text.WrittenSpan;
        }
    }

    /// <summary>Its digest in the logs of the views it stands in.</summary>
    public byte[] Leaf() => MerkleTree.LeafHash(Fact);

    /// <summary>Its digest in the room's own log.</summary>
    public byte[] EntryLeaf() => MerkleTree.LeafHash(Entry);

    /// <summary>
    /// Computes both digests, so that views that ask for them do not read the fact again. Only of facts of which nothing changes any more,
    /// and whose headers are stored by name.
    /// </summary>
    public void KeepLeaves() => fact!.SetHeader(FactMetadata.LeavesHeader, new Leaves { Leaf = Leaf(), EntryLeaf = EntryLeaf() });

    // Of a fact that several views ask for, both are computed once.
    private static Leaves? LeavesOf(IEvent fact)
    {
        if (fact.GetHeader(FactMetadata.LeavesHeader) is not Leaves leaves)
        {
            return null;
        }

        if (leaves.Leaf is null)
        {
            var text = Of(fact);
            (leaves.Leaf, leaves.EntryLeaf) = (text.Leaf(), text.EntryLeaf());
        }

        return leaves;
    }

    private static StoredText? StoredTextOf(IEvent fact) =>
        (fact.GetHeader(FactMetadata.LeavesHeader) as Leaves)?.Stored ?? StoredText.Of(fact.Data);

    private FactParts Parts => new(fact!.StreamId, fact.Id, fact.EventTypeName, fact.Timestamp)
    {
        Data = Data,
        Actor = parts.WrittenSpan[actor],
        Principal = parts.WrittenSpan[principal],
        Authority = parts.WrittenSpan[authority],
    };

    /// <summary>Takes in a fact.</summary>
    public void Read(IEvent next)
    {
        fact = next;
        var said = StoredTextOf(next);
        stored = said?.Headers is { } json ? JsonElement.Parse(json) : null;
        parts.ResetWrittenCount();
        if (said is null)
        {
            canonical.Write(parts, next.Data);
        }
        else
        {
            CanonicalJson.Write(parts, JsonElement.Parse(said.Data));
        }

        data = ..parts.WrittenCount;
        parts.Write("{"u8);
        actor = Header(FactMetadata.ActorHeader);
        authority = Header(FactMetadata.AuthorityHeader);
        placement = Header(FactMetadata.PlacementHeader);
        principal = Header(FactMetadata.PrincipalHeader);
        parts.Write("}"u8);
        headers = data.End..parts.WrittenCount;
    }

    // Where the value is; nowhere when there is none.
    private Range Header(string name)
    {
        if ((stored is { } headers ? headers.TryGetProperty(name, out var there) ? there : null : fact!.Headers?.GetValueOrDefault(name))
            is not { } value)
        {
            return ..0;
        }

        parts.Write(parts.WrittenSpan[^1] is (byte)'{' ? [] : ","u8);
        CanonicalJson.WriteString(parts, name);
        parts.Write(":"u8);
        var from = parts.WrittenCount;
        switch (value)
        {
            case string word:
                CanonicalJson.WriteString(parts, word);
                break;
            case JsonElement stored:
                CanonicalJson.Write(parts, stored);
                break;
            default:
                canonical.Write(parts, value);
                break;
        }

        return from..parts.WrittenCount;
    }
}

/// <summary>A fact's digests, to be computed when they are first asked for.</summary>
internal sealed class Leaves
{
    /// <summary>What is stored of the fact; null where it is about to be.</summary>
    public StoredText? Stored { get; init; }

    public byte[]? Leaf { get; set; }

    public byte[]? EntryLeaf { get; set; }
}
