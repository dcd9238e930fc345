using System.Globalization;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Record;

/// <summary>The requested parts of a receipt.</summary>
/// <param name="Contents">Whether to include contents with their salts.</param>
/// <param name="ForAnyone">Whether it is to be handed on: without the holder's place in its view.</param>
public sealed record ReceiptQuery(bool Contents, bool ForAnyone)
{
    private static readonly QueryParameter withContents = new("contents", "string",
        "`true`: with the words, and the salts that lead from them to their digests, as far as they are there still.");

    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<ReceiptQuery>([withContents], request => Read(request.Query, "self"));

    /// <summary>The same, for a holder that may hand it on.</summary>
    public static QueryInput OfHolder { get; } = QueryInput.Of<ReceiptQuery>(
        [withContents, new("audience", "string",
            "`anyone`: a receipt to hand on, without your place in your view and its size, for a fact that the whole room saw. `self`, or "
            + "absent: one that proves the place, for yourself.")],
        request => request.Query["audience"] is [] or ["self"] or ["anyone"] ? Read(request.Query, request.Query["audience"])
            : (null, Refusals.MalformedRequest.Because("audience must be self or anyone.")));

    private static (ReceiptQuery? Query, Refusal? Refusal) Read(IQueryCollection query, string? audience) =>
        query["contents"] is [] or ["true"] or ["false"]
            ? (new(query["contents"] is ["true"], audience is "anyone"), null)
            : (null, Refusals.MalformedRequest.Because("contents must be true or false."));
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
