using System.Globalization;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>A reader's position, and the time it waits for more.</summary>
/// <param name="SinceSeq">The last <c>seq</c> it has, 0 or more.</param>
/// <param name="Wait">The time to wait for a row when there is none, 0 to 30 seconds.</param>
/// <param name="Generation">The incarnation that the cursor is of, as the reader says; null when it does not say.</param>
public sealed record ReadCursor(long SinceSeq, TimeSpan Wait, string? Generation = null)
{
    /// <summary>Whether the rows are wanted cut to what a language model needs, see <see cref="CompactPage"/>.</summary>
    public bool IsCompact { get; init; }

    /// <summary>The longest wait, in seconds; a longer one is shortened.</summary>
    public const int MaxWaitSeconds = 30;

    // No view is longer, and adding to it stays within 64 bits.
    private const long MaxSeq = 1L << 53;

    private static readonly QueryParameter since = new(
        "since_seq", "integer", "The cursor: rows after this `seq`. Absent: 0, the beginning.");

    /// <summary>The form of the answer.</summary>
    internal static QueryParameter Form { get; } = new("form", "string",
        "compact: the same, cut for language models. Each row has `seq`, `event_id`, `type`, `at`, `from`, `to`, `text` (a participant's "
        + "words "
        + "between their markers, once), `ask` and `next`; what is absent is null or empty. Absent: all of it.");

    private static readonly QueryParameter ofGeneration = new("generation", "string",
        "The `generation` of the page that your cursor comes from. After a restore of the service's database there is another one, and a "
        + "cursor from before that lies beyond what is left is refused with `cursor_gap`. Absent: any that your session can have read.");

    /// <summary>The query of a page of a view, which can be waited for.</summary>
    public static QueryInput OfPage { get; } = QueryInput.Of<ReadCursor>(
        [since, new("wait", "integer", "Seconds to wait for a row when there is none, 0 to 30; more counts as 30. Absent: 0."),
            ofGeneration, Form], ReadPage) with
    { MayStayOpen = Waits };

    /// <summary>The query of an inbox, which has no cursor.</summary>
    public static QueryInput OfInbox { get; } = QueryInput.Of<ReadCursor>(
        [new("wait", "integer", "Seconds to wait for a row when none waits, 0 to 30; more counts as 30. Absent: 0."), ofGeneration,
            Form],
        ReadPage) with
    { MayStayOpen = Waits };

    /// <summary>
    /// The query of a stream of events, which goes on after the last event received (HTML Living Standard, 9.2.4, <c>Last-Event-ID</c>).
    /// </summary>
    public static QueryInput OfStream { get; } = QueryInput.Of<ReadCursor>([since, ofGeneration], ReadStream);

    /// <summary>Whether a request may wait.</summary>
    internal static bool Waits(HttpRequest request) => request.Query["wait"] is { Count: > 0 } wait && wait != "0";

    private static (ReadCursor? Cursor, Refusal? Refusal) ReadPage(HttpRequest request)
    {
        var (cursor, refusal) = Read(request.Query);
        return cursor is null ? (null, refusal)
            : ReadForm(request.Query) is { } isCompact ? (cursor with { IsCompact = isCompact }, null)
            : (null, Refusals.MalformedRequest.Because("form must be compact, or left out."));
    }

    /// <summary>Whether the compact form is asked for; null for a form that there is not.</summary>
    internal static bool? ReadForm(IQueryCollection query) => query["form"] switch { [] => false, ["compact"] => true, _ => null };

    private static (ReadCursor? Cursor, Refusal? Refusal) ReadStream(HttpRequest request)
    {
        var (cursor, refusal) = Read(request.Query);
        return cursor is null || request.Headers["Last-Event-ID"] is not [{ Length: > 0 } last] ? (cursor, refusal)
            : ReadSeq(last) is { } seq ? (cursor with { SinceSeq = seq }, null)
            : (null, Refusals.MalformedRequest.Because("Last-Event-ID must be the id of an event of this stream."));
    }

    /// <summary>The cursor of a query, or why it is malformed.</summary>
    internal static (ReadCursor? Cursor, Refusal? Refusal) Read(IQueryCollection query)
    {
        if (!TryRead(query, "since_seq", out var seq))
        {
            return (null, Refusals.MalformedRequest.Because("since_seq must be a whole number, 0 or more."));
        }

        if (!TryRead(query, "wait", out var wait))
        {
            return (null, Refusals.MalformedRequest.Because("wait must be a whole number of seconds, 0 or more."));
        }

        if (query["generation"] is not ([] or [_]))
        {
            return (null, Refusals.MalformedRequest.Because("generation must be said once, or not at all."));
        }

        return (new(Math.Min(seq, MaxSeq), TimeSpan.FromSeconds(Math.Min(wait, MaxWaitSeconds)),
            query["generation"] is [var generation] ? generation : null), null);
    }

    /// <summary>The cursor of a reader that found nothing: its own, or the end of the view if that comes first.</summary>
    public async Task<long> NotBeyondHead(NpgsqlDataSource database, Guid roomID, CallerSeat seat, CancellationToken cancellation) =>
        SinceSeq == 0 ? 0 : Math.Min(SinceSeq, await TimelinePage.Head(database, roomID, seat.SeatID, seat.Since, cancellation));

    /// <summary>Parses a position; null for any other text.</summary>
    public static long? ReadSeq(string text) => TryRead(text, out var seq) ? Math.Min(seq, MaxSeq) : null;

    private static bool TryRead(IQueryCollection query, string name, out long value)
    {
        value = 0;
        return query[name] switch
        {
            [] => true,
            [{ } text] => TryRead(text, out value),
            _ => false,
        };
    }

    // Parsing alone lets NULs pass.
    private static bool TryRead(string text, out long value)
    {
        value = 0;
        return !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
