using Marten;
using Parle.Api.Database;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections;

namespace Parle.Api.Sessions;

/// <summary>The sessions that tokens started: they end in the transaction in which those end.</summary>
internal static class SessionsOfTokens
{
    // Whoever stands below a token, also another agent that it brought in, is its principal's.
    private const string AgentsSql = """
        select distinct t.agent_id from parle.agent_tokens t join parle.agents a using (agent_id) where a.principal_id = $2 and $1 = any(t.path || t.token_id) order by t.agent_id
        """;

    private const string BelowSql = """
        select s.session_id, m.version from parle.agents a join parle.agent_sessions s using (agent_id) join parle.mt_streams m on m.id = s.session_id
        where a.principal_id = $2 and s.ended_at is null and s.superseded_at is null and s.expires_at > $3 and $1 = any(s.token_path || s.token_id)
        """;

    /// <summary>
    /// Ends those that a token started, or one below it. Takes the turns of their agents, so that none starts meanwhile with a token that
    /// was found good; for whoever has the principal's turn.
    /// </summary>
    /// <returns>What follows from it, to be sent with the same transaction.</returns>
    public static async Task<IReadOnlyList<LeaveRooms>> EndSessionsOf(
        this IDocumentSession session, Guid tokenID, Guid principalID, DateTimeOffset now, Attribution by, CancellationToken cancellation)
    {
        foreach (var agentID in await session.Rows(AgentsSql, row => row.Get<Guid>("agent_id"), cancellation, tokenID, principalID))
        {
            await PrincipalLocks.TakeToo(session, agentID, cancellation);
        }

        return session.End(await session.Rows(
            BelowSql, row => (row.Get<Guid>("session_id"), row.Get<long>("version")), cancellation, tokenID, principalID, now),
            SessionEnded.TokenRevoked, now, by);
    }

    /// <summary>Ends these, which are at these versions.</summary>
    public static IReadOnlyList<LeaveRooms> End(this IDocumentSession session, IReadOnlyList<(Guid SessionID, long Version)> live,
        string reason, DateTimeOffset now, Attribution by)
    {
        foreach (var (sessionID, version) in live)
        {
            session.Events.Append(
                sessionID, session.BuildFact(new SessionEnded(reason), Guid.CreateVersion7(now), now, by)).ExpectedVersionOnServer =
                version;
        }

        return [.. live.Select(one => new LeaveRooms(one.SessionID, by))];
    }
}
