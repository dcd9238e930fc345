using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Wire;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>
/// Reads the caller's view of its room, from its cursor on: recent rows from memory, older ones from the database.
/// </summary>
public sealed class RoomViews(NpgsqlDataSource database, ViewHeads heads, RecentRows recent, RowFormatter formatter, Generation generation)
{
    /// <summary>The page after a cursor.</summary>
    /// <param name="caller">The reader; it has a seat.</param>
    /// <param name="since">The cursor, 0 or more.</param>
    /// <param name="waits">Whether the reader waits there for more rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ViewPage> Read(Caller caller, long since, bool waits, CancellationToken cancellation)
    {
        var (roomID, seat) = (caller.RoomID, caller.Seat!);
        // The look itself writes one row to the read ledger.
        var head = await heads.Find(roomID, seat, since, waits && !HeadRequests.ShowsNothing ? caller.Session!.SessionID : null);
        if (head.IsOver)
        {
            return new([], since, since, caller.Address, memory: null, generation.Bytes) { IsOver = true };
        }

        if (head.Seq <= since)
        {
            return new([], since, head.Seq, caller.Address, memory: null, generation.Bytes);
        }

        var isMixed = head.NextPrivate < head.After + TimelinePage.MaxRows;
        if (!isMixed && await recent.After(roomID, head, cancellation) is { } held)
        {
            return new(held, since, head.Seq, caller.Address, memory: null, generation.Bytes);
        }

        var stored = isMixed
            ? await StoredRows.Merged(database, roomID, seat.SeatID, head.After, head.Number, cancellation)
            : await StoredRows.Common(database, roomID, head.After, head.Common, cancellation);
        var memory = new PooledBytes();
        return new(await formatter.Format(stored, memory, cancellation), since, head.Seq, caller.Address, memory, generation.Bytes);
    }
}
