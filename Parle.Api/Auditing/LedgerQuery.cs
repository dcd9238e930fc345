using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Auditing;

/// <summary>The part of a read ledger that a request asks for.</summary>
/// <param name="At">The moment by which rows had been shown; null for now.</param>
/// <param name="After">The position after which rows are listed.</param>
/// <param name="Rows">Whether to include the rows themselves.</param>
public sealed record LedgerQuery(DateTimeOffset? At, long After, bool Rows)
{
    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<LedgerQuery>(
        [
            new("at", "string", "What had been shown by then, RFC 3339. Absent: by now."),
            new("after", "integer", "The `next` of the page before. Absent: from the first row."),
            new("rows", "string", "`true`: with the rows as they were shown. Absent: by reference and digest alone."),
        ],
        Read);

    private static (LedgerQuery? Value, Refusal? Refusal) Read(HttpRequest request)
    {
        var (at, after, rows) = (request.Query["at"], request.Query["after"], request.Query["rows"]);
        DateTimeOffset? time = at is [{ } text] ? Rfc3339.Parse(text) : null;
        var seq = after is [{ } number] ? ReadCursor.ReadSeq(number) : null;
        return at.Count > 0 && time is null
            ? (null, Refusals.MalformedRequest.Because("at must be " + Rfc3339.Example + ", and stand there once."))
            : after.Count > 0 && seq is null ? (null,
                Refusals.MalformedRequest.Because("after must be a whole number, 0 or more, and stand there once."))
            : rows.Count > 0 && rows is not (["true"] or ["false"]) ? (null,
                Refusals.MalformedRequest.Because("rows must be true or false, and stand there once."))
            : (new(time, seq ?? 0, rows is ["true"]), null);
    }
}
