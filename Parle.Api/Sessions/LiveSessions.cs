using Marten;
using Npgsql;

namespace Parle.Api.Sessions;

/// <summary>How many sessions of one agent may live at the same time.</summary>
public sealed class LiveSessions(SessionActivity activity, IConfiguration configuration)
{
    /// <summary>Live sessions of an agent, unless configured otherwise.</summary>
    public const int DefaultCap = 25;

    private readonly int cap = configuration.GetValue("Parle:LiveSessions", DefaultCap);

    /// <summary>The sessions that must end so that one more can start: those that were silent longest. For whoever has the agent's turn.</summary>
    public async Task<IReadOnlyList<Guid>> OnesTooMany(IDocumentSession session, Guid agentID, DateTimeOffset now, CancellationToken cancellation)
    {
        if ((await LastSigns(session, agentID, now, cancellation)).Count < cap)
        {
            return [];
        }

        var noted = activity.Noted;
        var live = await LastSigns(session, agentID, now, cancellation);
        return [.. live.OrderBy(sign => Later(sign.At, noted.GetValueOrDefault(sign.SessionID))).ThenBy(sign => sign.SessionID).Select(sign => sign.SessionID).Take(live.Count - cap + 1)];
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static async Task<IReadOnlyList<(Guid SessionID, DateTimeOffset At)>> LastSigns(IDocumentSession session, Guid agentID, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select s.session_id, coalesce(a.last_seen_at, s.created_at) from parle.agent_sessions s left join parle.session_activity a using (session_id)
            where s.agent_id = $1 and s.ended_at is null and s.superseded_at is null and s.expires_at > $2
            """) { Parameters = { new() { Value = agentID }, new() { Value = now } } };
        var sessions = new List<(Guid, DateTimeOffset)>();
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            sessions.Add((rows.GetGuid(0), rows.GetFieldValue<DateTimeOffset>(1)));
        }

        return sessions;
    }
}
