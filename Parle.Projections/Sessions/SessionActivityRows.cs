using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Sessions;

/// <summary>A sign of life of a session.</summary>
/// <param name="SessionID">The session.</param>
/// <param name="SeenAt">The time of the sign.</param>
/// <param name="HeldUntil">The time until which one of its connections counts as held open; null for none.</param>
public sealed record SessionSign(Guid SessionID, DateTimeOffset SeenAt, DateTimeOffset? HeldUntil);

/// <summary>Writes <see cref="Tables.SessionActivity"/>, which no event builds.</summary>
public static class SessionActivityRows
{
    private const string KeepSql = """
        insert into parle.session_activity (session_id, last_seen_at, held_until) select * from unnest($1, $2, $3)
        on conflict (session_id) do update set
            last_seen_at = greatest(session_activity.last_seen_at, excluded.last_seen_at),
            held_until = greatest(session_activity.held_until, excluded.held_until)
        """;

    /// <summary>Stores signs of life, unless a later one is stored already.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="signs">One for each session, by id: the same order on all nodes prevents deadlocks.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task Keep(NpgsqlDataSource database, IReadOnlyList<SessionSign> signs, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(KeepSql);
        command.Parameters.Add(
            new() { Value = signs.Select(sign => sign.SessionID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(
            new() { Value = signs.Select(sign => sign.SeenAt).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(
            new() { Value = signs.Select(sign => sign.HeldUntil).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
