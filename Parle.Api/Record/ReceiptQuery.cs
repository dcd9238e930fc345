using System.Globalization;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Record;

/// <summary>The requested parts of a receipt.</summary>
/// <param name="Contents">Whether to include contents with their salts.</param>
public sealed record ReceiptQuery(bool Contents)
{
    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<ReceiptQuery>(
        [new("contents", "string",
            "`true`: with the words, and the salts that lead from them to their digests, as far as they are there still.")],
        request => request.Query["contents"] is [] or ["true"] or ["false"]
            ? (new(request.Query["contents"] is ["true"]), null)
            : (null, Refusals.MalformedRequest.Because("contents must be true or false.")));
}

/// <summary>The requested consistency proof.</summary>
/// <param name="From">The size of a checkpoint that the caller has; null for no proof.</param>
public sealed record CheckpointQuery(long? From)
{
    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<CheckpointQuery>(
        [new("from", "integer", "The size of a checkpoint that you have: proves that the log goes on from it. Absent: no proof.")],
        request => request.Query["from"] switch
        {
            [] => (new((long?)null), null),
            [{ } text] when !text.AsSpan().ContainsAnyExceptInRange('0', '9')
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) => (new(size), null),
            _ => (null, Refusals.MalformedRequest.Because("from must be the size of a checkpoint that you have.")),
        });
}
