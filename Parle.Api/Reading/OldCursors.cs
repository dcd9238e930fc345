using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>Refuses cursors of an incarnation that is over, see <see cref="Generation"/>.</summary>
/// <remarks>
/// Published clients send no generation. So for as long as a session can have begun before the present incarnation, or in place of one that
/// had, a session that reads on from beyond where its view stood at the beginning must have read from before there once, or name the
/// generation.
/// </remarks>
public sealed class OldCursors(Generation generation, NpgsqlDataSource database, TimeProvider clock)
{
    private const int MaxRemembered = 10_000;

    /// <summary>There was no such incarnation.</summary>
    public static Refusal UnknownGeneration { get; } = Refusals.MalformedRequest.Because(
        "generation must be the generation of an earlier answer, or absent.");

    private readonly MemoryCache regained = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <summary>Whether the cursor may be gone on from.</summary>
    /// <param name="caller">Who reads; it has a seat and a session.</param>
    /// <param name="cursor">From where.</param>
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

        var (stood, isRegained) = await Look(seat, session, cancellation);
        if (stood is null || isRegained)
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

        await Regain(seat, session, cancellation);
        regained.Set((present, seat, session), true, new MemoryCacheEntryOptions { Size = 1 });
        return null;
    }

    // A generation never hands out a cursor beyond its end: what was there has been lost by a restore that nothing else tells of, or with
    // the seat.
    private async Task<long?> BeyondEnd(Caller caller, ReadCursor cursor, CancellationToken cancellation) =>
        cursor.SinceSeq > 0 && await TimelinePage.Head(database, caller.RoomID, caller.Seat!.SeatID, caller.Seat.Since,
            cancellation) is var head && head < cursor.SinceSeq ? head : null;

    private async Task<(long? Stood, bool IsRegained)> Look(Guid seat, Guid session, CancellationToken cancellation)
    {
        await using var look = database.CreateCommand(
            "select v.seq, exists (select from parle.regained_cursors r where r.seat_id = v.seat_id and r.session_id = $2) from "
            + "parle.incarnation_views v where v.seat_id = $1");
        look.Parameters.Add(new() { Value = seat, NpgsqlDbType = NpgsqlDbType.Uuid });
        look.Parameters.Add(new() { Value = session, NpgsqlDbType = NpgsqlDbType.Uuid });
        await using var row = await look.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetInt64(0), row.GetBoolean(1)) : (null, false);
    }

    private async Task Regain(Guid seat, Guid session, CancellationToken cancellation)
    {
        await using var regain = database.CreateCommand(
            "insert into parle.regained_cursors (seat_id, session_id) values ($1, $2) on conflict do nothing");
        regain.Parameters.Add(new() { Value = seat, NpgsqlDbType = NpgsqlDbType.Uuid });
        regain.Parameters.Add(new() { Value = session, NpgsqlDbType = NpgsqlDbType.Uuid });
        await regain.ExecuteNonQueryAsync(cancellation);
    }
}
