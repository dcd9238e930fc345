using System.Buffers;
using System.Text.Json;
using JasperFx.Events;
using Parle.Domain.Contents;
using Parle.Domain.Record;
using Parle.Projections.History;

namespace Parle.Projections;

/// <summary>
/// The stored and hashed text of a fact, each part serialized once. For a stored fact it uses the stored text, never a new serialization of
/// its object. The spans are valid until the next fact is read. One instance can be used for many facts, by one thread at a time.
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

    /// <summary>A shared instance, valid until the next call on this thread.</summary>
    public static FactText Of(IEvent fact)
    {
        var text = ofThisThread ??= new();
        text.Read(fact);
        return text;
    }

    /// <summary>A fact's leaf in the logs of the views that contain it.</summary>
    public static byte[] LeafOf(IEvent fact) => LeavesOf(fact)?.Leaf ?? Of(fact).Leaf();

    /// <summary>A fact's leaf in the room's own log.</summary>
    public static byte[] EntryLeafOf(IEvent fact) => LeavesOf(fact)?.EntryLeaf ?? Of(fact).EntryLeaf();

    /// <summary>The fact's data: canonical JSON, in UTF-8.</summary>
    public ReadOnlySpan<byte> Data => parts.WrittenSpan[data];

    /// <summary>The attribution and the placement: canonical JSON, in UTF-8.</summary>
    public ReadOnlySpan<byte> Headers => parts.WrittenSpan[headers];

    /// <summary>The canonical text of the fact, see <see cref="CanonicalFact"/>.</summary>
    public ReadOnlySpan<byte> Fact
    {
        get
        {
            text.ResetWrittenCount();
            CanonicalFact.Write(text, Parts);
            return text.WrittenSpan;
        }
    }

    /// <summary>The entry of the room's own log, which has more members.</summary>
    public ReadOnlySpan<byte> Entry
    {
        get
        {
            text.ResetWrittenCount();
            CanonicalFact.WriteEntry(text, Parts, parts.WrittenSpan[placement], fact!.CorrelationId);
            return text.WrittenSpan;
        }
    }

    /// <summary>The leaf in the logs of the views that contain it.</summary>
    public byte[] Leaf() => MerkleTree.LeafHash(Fact);

    /// <summary>The leaf in the room's own log.</summary>
    public byte[] EntryLeaf() => MerkleTree.LeafHash(Entry);

    /// <summary>
    /// Computes both leaves, so that views need not read the fact again. Only for facts that are complete, and whose headers are stored by
    /// name.
    /// </summary>
    public void KeepLeaves() => fact!.SetHeader(FactMetadata.LeavesHeader, new Leaves { Leaf = Leaf(), EntryLeaf = EntryLeaf() });

    // Both leaves are computed once, although several views use them.
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

    /// <summary>Reads a fact.</summary>
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

    // The range of a header's value; empty when there is none.
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

/// <summary>A fact's leaves, computed when first used.</summary>
internal sealed class Leaves
{
    /// <summary>The stored text of the fact; null for a fact that is not stored yet.</summary>
    public StoredText? Stored { get; init; }

    public byte[]? Leaf { get; set; }

    public byte[]? EntryLeaf { get; set; }
}
