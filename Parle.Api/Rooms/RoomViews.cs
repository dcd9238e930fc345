using Npgsql;
using Parle.Api.Contract;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>What a caller may see of its room, from its cursor on: out of memory when it is recent, out of the database when it is not.</summary>
public sealed class RoomViews(NpgsqlDataSource database, ViewHeads heads, RecentRows recent, RowSpelling spelling)
{
    /// <summary>The page after a cursor.</summary>
    /// <param name="caller">Who reads; it has a seat.</param>
    /// <param name="since">The cursor, 0 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ViewPage> Read(Caller caller, long since, CancellationToken cancellation)
    {
        var (roomID, seat) = (caller.RoomID, caller.Seat!);
        var head = await heads.Find(roomID, seat.SeatID, seat.Since, since);
        var rows = head.Seq <= since ? []
            : head.NextPrivate < head.After + TimelinePage.MaxRows
            ? await spelling.Spell(await StoredRows.Merged(database, roomID, seat.SeatID, head.After, head.Number, cancellation), cancellation)
            : await recent.After(roomID, head, cancellation)
            ?? await spelling.Spell(await StoredRows.Common(database, roomID, head.After, head.Common, cancellation), cancellation);
        return new(rows, since, Math.Min(since, head.Seq), caller.Address);
    }
}
