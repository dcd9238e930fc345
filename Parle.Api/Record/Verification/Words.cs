using System.Text;
using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Api.Record.Verification;

/// <summary>Words that came with a fact.</summary>
/// <param name="ContentID">Under which id they lie.</param>
/// <param name="Salt">The salt; null when they were erased.</param>
/// <param name="Body">The canonical text; null when they were erased.</param>
public sealed record GivenWords(Guid ContentID, byte[]? Salt, string? Body);

/// <summary>The digests that a fact commits to, and the words given for them: each under the id of its commitment, and once.</summary>
public static class Words
{
    /// <summary>The words of a line of an export, or of a receipt; empty when it has none.</summary>
    /// <exception cref="FormatException">They are spelt otherwise.</exception>
    public static IReadOnlyList<GivenWords> Of(JsonElement holder) => holder.Maybe("contents") is null ? []
        : [.. holder.List("contents").Select(content => content.Maybe("body") is null
            ? content.Maybe("salt") is null
                ? new GivenWords(content.ID("content_id"), null, null) : throw new FormatException("there is a salt without words")
            : new GivenWords(content.ID("content_id"), content.Bytes("salt"), content.Text("body")))];

    /// <summary>The digests that a fact commits to, by the ids of its words.</summary>
    /// <exception cref="FormatException">It commits twice under one id.</exception>
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

    /// <summary>The fault of the words that are given; null when there is none.</summary>
    /// <param name="given">The words.</param>
    /// <param name="committed">The digests that the fact commits to.</param>
    /// <param name="complete">Whether all must be given, or said to be erased.</param>
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
