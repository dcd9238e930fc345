using Npgsql;

namespace Parle.Projections.Rooms;

/// <summary>The end of a seat's view when the present incarnation of the database began.</summary>
/// <param name="Seq">The end of the view then.</param>
/// <param name="IsRegained">Whether the session has read from there or before since.</param>
public sealed record IncarnationView(long Seq, bool IsRegained);

/// <summary>The ends of views when the present incarnation began, and the sessions that have read from before there since.</summary>
public static class RegainedCursors
{
    /// <summary>The end of a seat's view then; null for a seat that was given since.</summary>
    public static async Task<IncarnationView?> View(
        NpgsqlDataSource database, Guid seatID, Guid sessionID, CancellationToken cancellation) =>
        (await database.Rows(
            """
            select v.seq, exists (
                select from parle.regained_cursors r where r.seat_id = v.seat_id and r.session_id = $2) as is_regained
            from parle.incarnation_views v where v.seat_id = $1
            """,
            row => new IncarnationView(row.Get<long>("seq"), row.Get<bool>("is_regained")), cancellation, seatID, sessionID))
        is [var view] ? view : null;

    /// <summary>Records that a session has read from there or before.</summary>
    public static async Task Keep(NpgsqlDataSource database, Guid seatID, Guid sessionID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "insert into parle.regained_cursors (seat_id, session_id) values ($1, $2) on conflict do nothing");
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = seatID }, new() { Value = sessionID } });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
