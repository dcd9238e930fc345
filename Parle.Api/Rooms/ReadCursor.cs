using System.Globalization;
using Npgsql;
using Parle.Api.Contract;
using Parle.Domain;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>From where a reader goes on, and how long it waits.</summary>
/// <param name="SinceSeq">The last <c>seq</c> it has, 0 or more.</param>
/// <param name="Wait">How long it waits for a row when there is none, 0 to 30 seconds.</param>
/// <param name="Generation">Of which incarnation it says that its cursor is; null when it does not say.</param>
public sealed record ReadCursor(long SinceSeq, TimeSpan Wait, string? Generation = null)
{
    /// <summary>The longest wait, in seconds; more is cut down to it.</summary>
    public const int MaxWaitSeconds = 30;

    // No view is longer, and adding to it stays within 64 bits.
    private const long MaxSeq = 1L << 53;

    /// <summary>Reads the query, or says what is wrong with it.</summary>
    public static Refusal? Read(IQueryCollection query, out ReadCursor cursor)
    {
        cursor = new(0, TimeSpan.Zero);
        if (!TryRead(query, "since_seq", out var since))
        {
            return Refusals.MalformedRequest.Because("since_seq must be a whole number, 0 or more.");
        }

        if (!TryRead(query, "wait", out var wait))
        {
            return Refusals.MalformedRequest.Because("wait must be a whole number of seconds, 0 or more.");
        }

        if (query["generation"] is not ([] or [_]))
        {
            return Refusals.MalformedRequest.Because("generation must be said once, or not at all.");
        }

        cursor = new(Math.Min(since, MaxSeq), TimeSpan.FromSeconds(Math.Min(wait, MaxWaitSeconds)), query["generation"] is [var generation] ? generation : null);
        return null;
    }

    /// <summary>Where a reader stands that found nothing: at its cursor, or at the end of the view when it points beyond.</summary>
    public async Task<long> NotBeyondHead(NpgsqlDataSource database, Guid roomID, CallerSeat seat, CancellationToken cancellation) =>
        SinceSeq == 0 ? 0 : Math.Min(SinceSeq, await TimelinePage.Head(database, roomID, seat.SeatID, seat.Since, cancellation));

    /// <summary>A position as written; null when it is none.</summary>
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
        return !text.AsSpan().ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
