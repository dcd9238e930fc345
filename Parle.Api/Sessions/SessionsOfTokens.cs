using Marten;
using Parle.Api.Database;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections.Sessions;
using Parle.Projections.Tokens;

namespace Parle.Api.Sessions;

/// <summary>The sessions that tokens started. They end in the transaction in which the tokens end.</summary>
internal static class SessionsOfTokens
{
    /// <summary>
    /// Ends the sessions that a token started, or a token below it. Takes the locks of their agents, so that no session starts meanwhile
    /// with a token that was found valid. The caller of this method holds the principal's lock.
    /// </summary>
    /// <returns>Messages to be sent with the same transaction.</returns>
    public static async Task<IReadOnlyList<LeaveRooms>> EndSessionsOf(
        this IDocumentSession session, Guid tokenID, Guid principalID, DateTimeOffset now, Attribution by, CancellationToken cancellation)
    {
        foreach (var agentID in await TokenQueries.AgentsBelow(session, tokenID, principalID, cancellation))
        {
            await PrincipalLocks.TakeToo(session, agentID, cancellation);
        }

        return session.End(
            await AgentSessionQueries.LiveBelow(session, tokenID, principalID, now, cancellation), SessionEnded.TokenRevoked, now, by);
    }

    /// <summary>Ends sessions whose streams are at these versions.</summary>
    public static IReadOnlyList<LeaveRooms> End(this IDocumentSession session, IReadOnlyList<SessionVersion> live,
        string reason, DateTimeOffset now, Attribution by)
    {
        foreach (var (sessionID, version) in live)
        {
            session.AppendAt(sessionID, version, new SessionEnded(reason), now, by);
        }

        return [.. live.Select(one => new LeaveRooms(one.SessionID, by))];
    }
}
