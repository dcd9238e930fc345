using System.Text.Json;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>A receipt, as far as it was read.</summary>
/// <param name="Log">Which of the two logs of a fact it is of.</param>
/// <param name="Position">The fact's place there, from 1.</param>
/// <param name="Fact">The fact.</param>
/// <param name="Note">The signed checkpoint.</param>
/// <param name="Proof">The way from the fact to the root.</param>
/// <param name="Keys">The keys that it brings.</param>
/// <param name="Contents">The words that it brings.</param>
public sealed record ReadReceipt(
    string Log, long Position, JsonElement Fact, string Note, IReadOnlyList<byte[]> Proof, KeyRing Keys, IReadOnlyList<GivenWords> Contents)
{
    /// <summary>The stored name of what happened.</summary>
    public string Type => Fact.Text("type");

    /// <summary>The fact's id.</summary>
    public Guid EventID => Fact.ID("event_id");

    /// <summary>The room.</summary>
    public Guid RoomID => Fact.ID("room_id");

    /// <summary>The digests that the fact commits to.</summary>
    public IReadOnlyDictionary<Guid, Commitment> Committed { get; } = Words.CommittedBy(Fact);

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ReadReceipt Of(JsonElement receipt)
    {
        var fact = receipt.Member("fact", JsonValueKind.Object);
        _ = (fact.Text("type"), fact.ID("room_id"));
        return new(
            receipt.Text("log"), receipt.Whole("position"), fact, receipt.Text("checkpoint"),
            [.. receipt.List("inclusion_proof")
                .Select(node => node.ValueKind is JsonValueKind.String && StrictJson.Base64(node.GetString()!) is { } hash
                    ? hash : throw new FormatException("a node of its proof is no base64"))],
            KeyRing.Of(receipt.List("keys")), Words.Of(receipt));
    }
}

/// <summary>Checks a receipt with nothing but itself and keys.</summary>
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
            : Words.Wrong(receipt.Contents, receipt.Committed, complete: false) is { } wrong ? (new(receipt.Position, wrong), null)
            : (null, checkpoint);
    }
}
