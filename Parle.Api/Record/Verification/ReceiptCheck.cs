using System.Text;
using System.Text.Json;
using Parle.Domain.Contents;
using Parle.Domain.Record;

namespace Parle.Api.Record.Verification;

/// <summary>Checks a receipt with nothing but itself and keys.</summary>
public static class ReceiptCheck
{
    /// <summary>What is wrong with it; null and the checkpoint when nothing is.</summary>
    public static (Fault? Fault, Checkpoint? Checkpoint) Of(JsonElement receipt, KeyRing keys)
    {
        var (position, fact) = (receipt.GetProperty("position").GetInt64(), receipt.GetProperty("fact"));
        if (keys.Read(receipt.GetProperty("checkpoint").GetString()!) is not ({ } checkpoint, _))
        {
            return (new(null, $"the checkpoint does not count: {keys.Read(receipt.GetProperty("checkpoint").GetString()!).Why}"), null);
        }

        var path = checkpoint.Origin.Split('/');
        var log = receipt.GetProperty("log").GetString();
        if (path is not [_, "rooms", var room, .. var rest] || room != fact.GetProperty("room_id").GetString()
            || !(log == SignedReceipt.RecordLog ? rest is [] : log == SignedReceipt.ViewLog && rest is ["seats", _]))
        {
            return (new(position, $"the checkpoint is of another log, {checkpoint.Origin}"), null);
        }

        var proof = receipt.GetProperty("inclusion_proof").EnumerateArray().Select(node => node.GetBytesFromBase64()).ToList();
        if (!MerkleTree.Includes(checkpoint.Size, checkpoint.Root, position - 1, MerkleTree.LeafHash(CanonicalJson.Of(fact)), proof))
        {
            return (new(position, "it is not what was signed"), null);
        }

        var wrong = receipt.TryGetProperty("contents", out var contents)
            ? contents.EnumerateArray().FirstOrDefault(content => !Commits(fact, content.GetProperty("salt").GetBytesFromBase64(), content.GetProperty("body").GetString()!))
            : default;
        return wrong.ValueKind is JsonValueKind.Object ? (new(position, $"content {wrong.GetProperty("content_id")} is not what the fact commits to"), null) : (null, checkpoint);
    }

    /// <summary>Whether a fact commits to some words, anywhere in it.</summary>
    public static bool Commits(JsonElement fact, byte[] salt, string body)
    {
        var commitment = Commitment.To(salt, Encoding.UTF8.GetBytes(body));
        return Holds(fact.GetProperty("data"));

        bool Holds(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => (value.TryGetProperty("sha256", out var digest) && digest.ValueKind is JsonValueKind.String && digest.GetString() == commitment.Sha256
                && value.TryGetProperty("bytes", out var bytes) && bytes.TryGetInt32(out var length) && length == commitment.Bytes) || value.EnumerateObject().Any(member => Holds(member.Value)),
            JsonValueKind.Array => value.EnumerateArray().Any(Holds),
            _ => false,
        };
    }
}
