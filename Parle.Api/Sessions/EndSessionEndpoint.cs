using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections;
using Wolverine;

namespace Parle.Api.Sessions;

/// <summary>Ends a run of an agent: its own, or one of an agent of the person's.</summary>
public static class EndSessionEndpoint
{
    /// <summary>Records the end; leaving the rooms follows from it, also when this service dies in between.</summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.EndSession))]
    public static async Task<(IResult Answer, OutgoingMessages Then)> End(
        Actor actor, IDocumentSession session, NpgsqlDataSource database, TimeProvider clock, HttpContext context,
        CancellationToken cancellation)
    {
        if (await Named(actor, database, context, cancellation) is not { } named)
        {
            return (new RefusalResult(Refusals.NoSuchThing), []);
        }

        await PrincipalLocks.Of(context).Take(session, named.AgentID);
        var now = clock.GetUtcNow();
        var (state, version) = await session.Session(named.SessionID, cancellation);
        var decision = new EndSession { By = actor.Agent?.SessionReach }.Decide(state);
        if (actor.Agent is null && state?.IsLive(now) is not true)
        {
            return (new RefusalResult(Refusals.NoSuchThing), []); // What is over is as little there as what is another one's.
        }

        if (decision.Refusal is { } refusal)
        {
            return (new RefusalResult(refusal), []);
        }

        var leave = new LeaveRooms(named.SessionID, actor.Attribution(context.TraceIdentifier));
        session.Events.Append(named.SessionID,
            session.BuildFact(decision.Facts[0].Data, Guid.CreateVersion7(now), now, leave.Attribution)).ExpectedVersionOnServer = version;
        return (new AfterLeaving(Results.NoContent(), [leave]), [leave]);
    }

    private static async Task<(Guid SessionID, Guid AgentID)?> Named(
        Actor actor, NpgsqlDataSource database, HttpContext context, CancellationToken cancellation)
    {
        if (actor.Agent is { } caller)
        {
            return (caller.Session!.SessionID, caller.AgentID);
        }

        await using var command = database.CreateCommand(
            "select s.session_id, s.agent_id from parle.agent_sessions s join parle.agents a on a.agent_id = s.agent_id where s.session_id "
            + "= $1 and a.principal_id = $2 and a.deleted_at is null");
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = WireID.InPath(context, "session") ?? Guid.Empty }, new() { Value = actor.PrincipalID },
        });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetGuid(0), row.GetGuid(1)) : null;
    }
}
