using System.Text;
using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Api.Record.Verification;

/// <summary>Content that came with a fact.</summary>
/// <param name="ContentID">The content's id.</param>
/// <param name="Salt">The salt; null when the content is erased.</param>
/// <param name="Body">The canonical text; null when the content is erased.</param>
public sealed record GivenWords(Guid ContentID, byte[]? Salt, string? Body);

/// <summary>The contents given for a fact, each with the id of its commitment, and the digests that the fact commits to.</summary>
public static class Words
{
    /// <summary>The contents in a line of an export, or in a receipt; empty for none.</summary>
    /// <exception cref="FormatException">They are malformed.</exception>
    public static IReadOnlyList<GivenWords> Of(JsonElement holder) => holder.Maybe("contents") is null ? []
        : [.. holder.List("contents").Select(content => content.Maybe("body") is null
            ? content.Maybe("salt") is null
                ? new GivenWords(content.ID("content_id"), null, null) : throw new FormatException("there is a salt without words")
            : new GivenWords(content.ID("content_id"), content.Bytes("salt"), content.Text("body")))];

    /// <summary>The digests that a fact commits to, by content id.</summary>
    /// <exception cref="FormatException">Two commitments have the same id.</exception>
    public static IReadOnlyDictionary<Guid, Commitment> CommittedBy(JsonElement fact)
    {
        var (committed, data) = (new Dictionary<Guid, Commitment>(), fact.Member("data", JsonValueKind.Object));
        if (data.TryGetProperty("context", out var items) && items.ValueKind is JsonValueKind.Array
            && items.EnumerateArray().Any(item => item.ID("item_id") == Guid.Empty || item.Maybe("content") is null))
        {
            throw new FormatException("an item of its context commits to nothing");
        }

        foreach (var (contentID, commitment) in Commitments.Of(fact.ID("event_id"), data))
        {
            if (!committed.TryAdd(contentID, commitment))
            {
                throw new FormatException($"it commits to two contents {contentID}");
            }
        }

        return committed;
    }

    /// <summary>The fault of the given contents; null for none.</summary>
    /// <param name="given">The contents.</param>
    /// <param name="committed">The digests that the fact commits to.</param>
    /// <param name="complete">Whether every digest needs its content, or an entry that says it is erased.</param>
    public static string? Wrong(IReadOnlyList<GivenWords> given, IReadOnlyDictionary<Guid, Commitment> committed, bool complete)
    {
        var seen = new HashSet<Guid>();
        foreach (var (contentID, salt, body) in given)
        {
            if (!committed.TryGetValue(contentID, out var commitment))
            {
                return $"content {contentID} is none of its own";
            }

            if (!seen.Add(contentID))
            {
                return $"content {contentID} is there twice";
            }

            if (body is not null && Commitment.To(salt, Encoding.UTF8.GetBytes(body)) != commitment)
            {
                return $"content {contentID} is not what it commits to";
            }
        }

        return complete && committed.Keys.Where(id => !seen.Contains(id)).Cast<Guid?>().FirstOrDefault() is { } missing
            ? $"content {missing} was left out" : null;
    }
}
