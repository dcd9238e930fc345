using Marten;
using Parle.Api.Aliases;
using Parle.Api.Contract;
using Parle.Domain.Sessions;
using Parle.Projections;
using Wolverine;

namespace Parle.Api.Sessions;

/// <summary>Ends a run of an agent.</summary>
public static class EndSessionEndpoint
{
    /// <summary>Records the end; leaving the rooms follows from it, also when this service dies in between.</summary>
    [Serves(nameof(Actions.EndSession))]
    public static async Task<(IResult Answer, OutgoingMessages Then)> End(Caller caller, IDocumentSession session, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        var sessionID = caller.Session!.SessionID;
        await session.TakeTurn(caller.AgentID, context, cancellation);
        var (state, version) = await session.Session(sessionID, cancellation);
        var decision = new EndSession().Decide(state);
        if (decision.Refusal is { } refusal)
        {
            return (new RefusalResult(refusal), []);
        }

        var now = clock.GetUtcNow();
        var leave = new LeaveRooms(sessionID, caller.Attribution(context.TraceIdentifier));
        session.Events.Append(sessionID, session.BuildFact(decision.Facts[0].Data, Guid.CreateVersion7(now), now, leave.Attribution)).ExpectedVersionOnServer = version;
        return (new AfterLeaving(Results.NoContent(), [leave]), [leave]);
    }
}
