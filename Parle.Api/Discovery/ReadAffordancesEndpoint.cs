using Npgsql;
using Parle.Api.Asks;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Discovery;

/// <summary>Renders the registry for one caller.</summary>
public static class ReadAffordancesEndpoint
{
    /// <summary>Asks of every action the same questions as an attempt (law 7).</summary>
    [Serves(typeof(AffordanceActions), nameof(AffordanceActions.ReadAffordances))]
    public static async Task<IResult> Read(
        Guid room, Actor actor, NpgsqlDataSource database, RoomStates states, IEnumerable<StandingPart> parts, RoomLimits limits,
        TimeProvider clock, CancellationToken cancellation)
    {
        var found = await MembersRoom.Of(room, actor, states, cancellation);
        if (found.Refusal is { } stranger)
        {
            return new RefusalResult(stranger);
        }

        var here = new Standing(found.RoomID, found.Room, actor, limits, clock.GetUtcNow());
        await here.Find(parts, cancellation);
        if (actor.Agent is not { } caller)
        {
            return Results.Json(new AffordanceList([.. OfPerson(here)]), WireJson.Options);
        }

        var spent = await TokenUses.Obstacle(database, caller, cancellation);
        var rows = Actions.All.Where(action => action.Agent is not null && !action.NamesAsk)
            .SelectMany(action => OfAgent(action, here, spent));
        var (ofAsks, leftOut) = AskAffordances.Of(here, askID: null, spent);
        return Results.Json(new AffordanceList([.. rows, .. ofAsks]) { LeftOut = leftOut.Count > 0 ? leftOut : null }, WireJson.Options);
    }

    private static IEnumerable<Affordance> OfPerson(Standing here) =>
        Actions.All.Where(action => action.InRoom && action.IsForPerson).SelectMany(action => Affordance.Of(action, here));

    private static IEnumerable<Affordance> OfAgent(ParleAction action, Standing here, Refusal? spent) =>
        (Admission.Obstacle(action, here.Agent, here.RoomID.ToString(), here.Agent.Session!.SessionID.ToString(), here.Now)
            ?? (action.IsUse ? spent : null)) is { } refusal
            ? [Affordance.Denied(action, refusal)]
            : Affordance.Of(action, here);
}
