using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Names;

namespace Parle.Api.Sessions;

/// <summary>A page of live sessions.</summary>
/// <param name="Sessions">Oldest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record SessionList(IReadOnlyList<ListedSession> Sessions, string? Next)
{
    /// <summary>An answer as it is sent.</summary>
    public static SessionList Example { get; } = new(
        [new(new("019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"), "c7w2k5n4q3zx6m7a", null, 0, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
            new(2026, 8, 17, 22, 0, 0, TimeSpan.Zero), new(2026, 8, 17, 10, 5, 0, TimeSpan.Zero), "@alice.builder.c7w2k5n4q3zx6m7a")],
        null);
}

/// <summary>A live session, without its credential.</summary>
/// <param name="AgentSessionID">The session.</param>
/// <param name="SessionHandle">Its anonymous handle.</param>
/// <param name="Alias">The alias it has; null for none.</param>
/// <param name="Generation">How often that alias was taken over, from 1; 0 for an anonymous session.</param>
/// <param name="CreatedAt">When it started.</param>
/// <param name="ExpiresAt">When its life is over; nothing extends it.</param>
/// <param name="LastSeenAt">When it last called.</param>
/// <param name="Address">Where it can be reached.</param>
public sealed record ListedSession(
    Guid AgentSessionID, string SessionHandle, string? Alias, long Generation, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset LastSeenAt, string Address);

/// <summary>Lists the live sessions of the token's agent.</summary>
public static class ListSessionsEndpoint
{
    private const int PageSize = 10;

    private const string Sql = """
        select s.session_id, s.handle, s.created_at, s.expires_at, coalesce(a.last_seen_at, s.created_at), sa.alias, coalesce(sa.generation, 0)
        from parle.agent_sessions s left join parle.session_activity a using (session_id) left join parle.session_aliases sa on sa.session_id = s.session_id and sa.released_at is null
        where s.agent_id = $1 and s.ended_at is null and s.superseded_at is null and s.expires_at > $2 and s.session_id > $3
        order by s.session_id limit $4
        """;

    /// <summary>Answers a page; ids are in the order of their start.</summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.ListSessions))]
    public static async Task<IResult> List(PageCursor cursor, Caller caller, HttpContext context, NpgsqlDataSource database,
        SessionActivity activity, TimeProvider clock, CancellationToken cancellation)
    {
        await activity.Write(cancellation);
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = caller.AgentID }, new() { Value = clock.GetUtcNow() }, new() { Value = cursor.After },
            new() { Value = (long)PageSize + 1 },
        });
        var sessions = new List<ListedSession>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var alias = rows.IsDBNull(5) ? null : rows.GetString(5);
            sessions.Add(new(
                rows.GetGuid(0), rows.GetString(1), alias, rows.GetInt64(6), rows.GetFieldValue<DateTimeOffset>(2),
                rows.GetFieldValue<DateTimeOffset>(3), rows.GetFieldValue<DateTimeOffset>(4),
                new Address(caller.PrincipalHandle, caller.AgentHandle, alias ?? rows.GetString(1)).ToString()));
        }

        context.Response.Headers.CacheControl = "no-store";
        var page = sessions.Take(PageSize).ToList();
        return Results.Json(new SessionList(page, sessions.Count > PageSize ? page[^1].AgentSessionID.ToString() : null), WireJson.Options);
    }
}
