using System.Globalization;
using Microsoft.Extensions.Primitives;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Asks;

/// <summary>The requested part of the evidence about an ask.</summary>
/// <param name="After">The position of the fact before the first one, 0 or more.</param>
/// <param name="WithContents">Whether to include words.</param>
/// <param name="ContentID">Only these words, whatever their length; null for all that fit.</param>
public sealed record EvidenceQuery(int After, bool WithContents, Guid? ContentID)
{
    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<EvidenceQuery>(
        [
            new("after", "integer", "Facts after this position: `next` of the file before. Absent: from the first."),
            new("contents", "string", "`true`, or absent: with the words, as far as they fit. `false`: digests alone. A `content_id`: "
                + "these words alone, however long they are."),
        ],
        Read);

    private static (EvidenceQuery? Query, Refusal? Refusal) Read(HttpRequest request) =>
        Position(request.Query["after"]) is not { } after
            ? (null, Refusals.MalformedRequest.Because("after must be the position of a fact."))
            : request.Query["contents"] switch
            {
                [] or ["true"] => (new(after, true, null), null),
                ["false"] => (new(after, false, null), null),
                [{ } text] when Guid.TryParseExact(text, "D", out var id) => (new(after, true, id), null),
                _ => (null, Refusals.MalformedRequest.Because("contents must be true, false or a content_id.")),
            };

    private static int? Position(StringValues after) => after switch
    {
        [] => 0,
        [{ } text] when !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) => position,
        _ => null,
    };
}
