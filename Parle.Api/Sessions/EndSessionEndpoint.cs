using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections.Sessions;
using Wolverine;

namespace Parle.Api.Sessions;

/// <summary>Ends a session: the agent's own, or a session of one of the person's agents.</summary>
public static class EndSessionEndpoint
{
    /// <summary>Records the end; leaving the rooms follows from it, also when this service dies in between.</summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.EndSession))]
    public static async Task<(IResult Answer, OutgoingMessages Messages)> End(
        Guid session, Actor actor, IDocumentSession work, NpgsqlDataSource database, TimeProvider clock, PrincipalLocks locks,
        Correlation correlation, CancellationToken cancellation)
    {
        if (await Named(session, actor, database, cancellation) is not { } named)
        {
            return (new RefusalResult(Refusals.NoSuchThing), []);
        }

        await locks.Take(work, named.AgentID);
        var now = clock.GetUtcNow();
        var (state, version) = await work.Fold<AgentSession>(named.SessionID, AgentSession.Apply, cancellation);
        var decision = new EndSession { By = actor.Agent?.SessionReach }.Decide(state);
        if (actor.Agent is null && state?.IsLive(now) is not true)
        {
            return (new RefusalResult(Refusals.NoSuchThing), []); // A session that is over is answered like another person's.
        }

        if (decision.Refusal is { } refusal)
        {
            return (new RefusalResult(refusal), []);
        }

        var leave = new LeaveRooms(named.SessionID, actor.Attribution(correlation.ID));
        work.AppendAt(named.SessionID, version, decision.Facts[0].Data, now, leave.Attribution);
        return (new AnswerAfter(Results.NoContent(), leave), [leave]);
    }

    private static async Task<(Guid SessionID, Guid AgentID)?> Named(
        Guid sessionID, Actor actor, NpgsqlDataSource database, CancellationToken cancellation) =>
        actor.Agent is { } caller ? (caller.Session!.SessionID, caller.AgentID)
        : await AgentSessionQueries.AgentOf(database, sessionID, actor.PrincipalID, cancellation) is { } agentID ? (sessionID, agentID)
        : null;
}
