using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>Refuses cursors of an earlier incarnation of the database, see <see cref="Generation"/>.</summary>
/// <remarks>
/// Published clients send no generation. So a session that may have begun before the present incarnation, or that superseded such a
/// session, needs more: to read on from beyond the end that its view had when the incarnation began, it must have read from before that end
/// once, or name the generation.
/// </remarks>
public sealed class CursorCheck(Generation generation, NpgsqlDataSource database, TimeProvider clock)
{
    private const int MaxRemembered = 10_000;

    /// <summary>The refusal of an unknown incarnation.</summary>
    public static Refusal UnknownGeneration { get; } = Refusals.MalformedRequest.Because(
        "generation must be the generation of an earlier answer, or absent.");

    private readonly MemoryCache regained = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <summary>Returns the reason to refuse the cursor; null for none.</summary>
    /// <param name="caller">The reader; it has a seat and a session.</param>
    /// <param name="cursor">The cursor.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Refusal?> Obstacle(Caller caller, ReadCursor cursor, CancellationToken cancellation)
    {
        var present = generation.Number;
        if (cursor.Generation is { } name && generation.Find(name) is not { } named)
        {
            return UnknownGeneration;
        }

        if (cursor.Generation is not null && generation.Find(cursor.Generation) == present)
        {
            return await BeyondEnd(caller, cursor, cancellation) is { } head
                ? Refusals.CursorGap with { EarliestAvailableSeq = head, Generation = generation.Name } : null;
        }

        if (present == 0 || clock.GetUtcNow() >= generation.BegunAt + (2 * StartSession.Life))
        {
            return null;
        }

        var (seat, session) = (caller.Seat!.SeatID, caller.Session!.SessionID);
        if (regained.Get((present, seat, session)) is not null)
        {
            return null;
        }

        if (await RegainedCursors.View(database, seat, session, cancellation) is not { IsRegained: false, Seq: var stood })
        {
            return null; // A seat that was given since has no older cursors.
        }

        if (cursor.SinceSeq > stood)
        {
            return Refusals.CursorGap with { EarliestAvailableSeq = stood, Generation = generation.Name };
        }

        if (HeadRequests.ShowsNothing)
        {
            return null;
        }

        await RegainedCursors.Keep(database, seat, session, cancellation);
        regained.Set((present, seat, session), true, new MemoryCacheEntryOptions { Size = 1 });
        return null;
    }

    // No page contains a cursor beyond the end of the view. Such a cursor is of rows that were lost by an unnoticed restore, or with the
    // seat.
    private async Task<long?> BeyondEnd(Caller caller, ReadCursor cursor, CancellationToken cancellation) =>
        cursor.SinceSeq > 0 && await TimelinePage.Head(database, caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since,
            cancellation) is var head && head < cursor.SinceSeq ? head : null;
}
