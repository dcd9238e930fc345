using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Asks;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Domain.Record;

namespace Parle.Api.Record;

/// <summary>
/// What shows, to anybody and without the service, that a fact is on the record: fact, position, signed checkpoint and proof; or, to be
/// handed on, the fact and a statement of the service that tells nothing of its holder's view.
/// </summary>
/// <param name="Format">What this is.</param>
/// <param name="Log"><c>view</c>: the holder's own view; <c>record</c>: the room's whole record. Absent with a statement.</param>
/// <param name="Position">The fact's position there, from 1: <c>seq</c> of the view, or the record's version. Absent with a
/// statement.</param>
/// <param name="Fact">The fact. RFC 8785 of this is what its digest is of.</param>
/// <param name="Names">Whom the ids in the fact stand for.</param>
/// <param name="Checkpoint">The signed note: the log's name, its size, its root, when. Absent with a statement.</param>
/// <param name="InclusionProof">The way from the fact to the root (RFC 6962 §2.1.1), in base64. Absent with a statement.</param>
/// <param name="NamesNote">The signed note of the names. Absent with a statement, which is of them too.</param>
/// <param name="Statement">With <c>audience=anyone</c>, the signed note of the fact and its names, in place of a place in a log; absent
/// otherwise.</param>
/// <param name="Keys">The service's public keys, as published.</param>
/// <param name="Contents">What the fact's digests are of; absent unless it was asked for.</param>
public sealed record SignedReceipt(
    string Format,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Log,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Position,
    [property: Shape(ShapeAttribute.AnyObject)] JsonElement Fact,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<NameOfID>? Names,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Checkpoint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? InclusionProof,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NamesNote,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Statement,
    IReadOnlyList<string> Keys,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ReceiptContent>? Contents)
{
    /// <summary>The value of <see cref="Format"/> where a log is named.</summary>
    public const string FormatName = "parle-receipt/1";

    /// <summary>The value of <see cref="Format"/> of a receipt that can be handed on.</summary>
    public const string StatementFormatName = "parle-statement/1";

    /// <summary>The log that is a reader's own view.</summary>
    public const string ViewLog = "view";

    /// <summary>The log that is the room's whole record.</summary>
    public const string RecordLog = "record";

    /// <summary>One, as it is sent.</summary>
    public static SignedReceipt Example { get; } = new(
        FormatName, ViewLog, 7,
        JsonElement.Parse(
            $$$"""{"actor":"agent:019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02/session:019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02","at":"2026-08-17T10:00:00.000000Z","authority":["seat:019a7c1e-0a44-7a0c-9d3e-5c7b9a1f3d02","token:019a7c1e-0c44-7a0c-9d3e-5c7b9a1f3d02","session:019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"],"data":{"content":{"bytes":27,"sha256":"…"}},"event_id":"{{{Receipt.Example.EventID}}}","principal":"019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01","room_id":"{{{EnteredRoom.Example.RoomID}}}","type":"message_submitted"}"""),
        NameOfID.Examples, SignedCheckpointView.Example.Checkpoint, [SignedCheckpointView.Example.ConsistencyProof![0]],
        $"parle.example/rooms/019a7c1d-55aa-7b6c-8d2e-9f0a1b2c3d04/facts/{Receipt.Example.EventID}/names\nnames "
            + $"{SignedCheckpointView.Example.ConsistencyProof![0]}\ntime 2026-08-17T10:00:00Z\n\n\u2014 parle.example AAAAAA…\n",
        null, SignedCheckpointView.Example.Keys, null);
}

/// <summary>Words that a fact commits to: SHA-256 over salt and body is the digest.</summary>
/// <param name="ContentID">Under which id they lie.</param>
/// <param name="Salt">The salt, in base64.</param>
/// <param name="Body">The canonical text.</param>
public sealed record ReceiptContent(Guid ContentID, byte[] Salt, string Body);

/// <summary>How long a log was and what was in it, signed.</summary>
/// <param name="Log"><c>view</c>: the caller's own view; <c>record</c>: the room's whole record.</param>
/// <param name="Size">How many facts it had.</param>
/// <param name="Checkpoint">The signed note (C2SP tlog-checkpoint).</param>
/// <param name="ConsistencyProof">What shows that the log goes on from the size that was asked about (RFC 6962 §2.1.2), in base64; absent
/// when none was.</param>
/// <param name="Keys">The service's public keys, as published.</param>
public sealed record SignedCheckpointView(
    string Log, long Size, string Checkpoint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? ConsistencyProof,
    IReadOnlyList<string> Keys)
{
    /// <summary>One, as it is sent.</summary>
    public static SignedCheckpointView Example { get; } = new(
        SignedReceipt.ViewLog, 7,
        new Checkpoint("parle.example/rooms/019a7c1d-55aa-7b6c-8d2e-9f0a1b2c3d04/seats/019a7c1e-0a44-7a0c-9d3e-5c7b9a1f3d02", 7,
            MerkleTree.LeafHash("root"), new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero)).Text
            + "\n\u2014 parle.example AAAAAA…\n",
        [Convert.ToBase64String(MerkleTree.LeafHash("node"))],
        ["parle.example+33d7b496+AeHZzHc8Mp…"]);
}

/// <summary>The keys that the service signs with, and signed with.</summary>
/// <param name="Name">The service's name in its signatures.</param>
/// <param name="Keys">Oldest first; the last one is in use.</param>
public sealed record PublishedKeys(string Name, IReadOnlyList<PublishedKeyView> Keys)
{
    /// <summary>As they are published.</summary>
    public static PublishedKeys Of(IReadOnlyList<PublishedKey> keys) =>
        new(keys[^1].Key.Name,
            [.. keys.Select(key => new PublishedKeyView(key.Key.ToString(), key.ValidFrom, key.ValidUntil, key.Endorsement))]);
}

/// <summary>One key.</summary>
/// <param name="Key">Name, id and public key of Ed25519 (C2SP signed-note).</param>
/// <param name="ValidFrom">The start of its validity. Earlier signatures do not count.</param>
/// <param name="ValidUntil">The end of its validity. Later signatures do not count; null for the key in use.</param>
/// <param name="Endorsement">A note signed with the key before it, that names this one; null for the first.</param>
public sealed record PublishedKeyView(
    [property: Description("Name, id and public key of Ed25519, joined by plus signs.")] string Key, DateTimeOffset ValidFrom,
    DateTimeOffset? ValidUntil, string? Endorsement);
