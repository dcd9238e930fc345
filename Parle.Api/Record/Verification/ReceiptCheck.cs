using System.Text.Json;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>A parsed receipt.</summary>
/// <param name="Log">The kind of its log, <c>view</c> or <c>record</c>.</param>
/// <param name="Position">The fact's position in the log, from 1.</param>
/// <param name="Fact">The fact.</param>
/// <param name="Note">The signed checkpoint.</param>
/// <param name="Proof">The inclusion proof.</param>
/// <param name="Keys">The keys in the receipt.</param>
/// <param name="Contents">The contents in the receipt.</param>
/// <param name="Names">The names in the receipt.</param>
public sealed record ReadReceipt(
    string Log, long Position, JsonElement Fact, string Note, IReadOnlyList<byte[]> Proof, KeyRing Keys, IReadOnlyList<GivenWords> Contents,
    ReadNames? Names)
{
    /// <summary>The fact's event name.</summary>
    public string Type => Fact.Text("type");

    /// <summary>The fact's id.</summary>
    public Guid EventID => Fact.ID("event_id");

    /// <summary>The room.</summary>
    public Guid RoomID => Fact.ID("room_id");

    /// <summary>The digests that the fact commits to.</summary>
    public IReadOnlyDictionary<Guid, Commitment> Committed { get; } = Words.CommittedBy(Fact);

    /// <summary>Parses a receipt.</summary>
    /// <exception cref="FormatException">The JSON is not a receipt.</exception>
    public static ReadReceipt Of(JsonElement receipt)
    {
        var fact = receipt.Member("fact", JsonValueKind.Object);
        _ = (fact.Text("type"), fact.ID("room_id"));
        return new(
            receipt.Text("log"), receipt.Whole("position"), fact, receipt.Text("checkpoint"),
            receipt.Hashes("inclusion_proof"), KeyRing.Of(receipt.List("keys")), Words.Of(receipt), ReadNames.Of(receipt));
    }
}

/// <summary>Verifies a receipt with nothing but keys.</summary>
public static class ReceiptCheck
{
    /// <summary>The fault of a receipt; null, with its checkpoint, when there is none.</summary>
    public static (Fault? Fault, Checkpoint? Checkpoint) Of(ReadReceipt receipt, KeyRing keys)
    {
        if (keys.Read(receipt.Note) is not ({ } checkpoint, { } signer, _))
        {
            return (new(null, $"the checkpoint does not count: {keys.Read(receipt.Note).Why}"), null);
        }

        var path = checkpoint.Origin[$"{signer}/rooms/".Length..].Split('/'); // The signer's name may have slashes of its own.
        if (path is not [var room, .. var rest] || room != receipt.RoomID.ToString()
            || !(receipt.Log == SignedReceipt.RecordLog ? rest is [] : receipt.Log == SignedReceipt.ViewLog && rest is ["seats", _]))
        {
            return (new(receipt.Position, $"the checkpoint is of another log, {checkpoint.Origin}"), null);
        }

        return !MerkleTree.Includes(
            checkpoint.Size, checkpoint.Root, receipt.Position - 1, MerkleTree.LeafHash(CanonicalJson.Of(receipt.Fact)), receipt.Proof)
            ? (new(receipt.Position, "it is not what was signed"), null)
            : (Words.Wrong(receipt.Contents, receipt.Committed, complete: false)
                ?? receipt.Names?.Wrong(keys, receipt.RoomID, receipt.EventID)) is { } wrong ? (new(receipt.Position, wrong), null)
            : (null, checkpoint);
    }
}
