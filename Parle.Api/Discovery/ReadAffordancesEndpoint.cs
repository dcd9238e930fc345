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
        Guid room, AffordanceFilter filter, Actor actor, NpgsqlDataSource database, RoomStates states, IEnumerable<StandingPart> parts,
        RoomLimits limits, TimeProvider clock, CancellationToken cancellation)
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
            return Of(RowsOf(filter, action => OfPerson(action, here)), [], filter);
        }

        var spent = await TokenUses.Obstacle(database, caller, cancellation);
        var (ofAsks, leftOut) = AskAffordances.Of(here, filter.AskID, spent);
        return Of(
            [.. RowsOf(filter, action => OfAgent(action, here, spent)),
                .. ofAsks.Where(row => row.Action == (filter.Action ?? row.Action))],
            leftOut, filter);
    }

    private static IResult Of(IEnumerable<Affordance> rows, IReadOnlyList<LeftOut> leftOut, AffordanceFilter filter)
    {
        var list = new AffordanceList([.. rows]) { LeftOut = leftOut.Count > 0 ? leftOut : null };
        return Results.Json(filter.AllowedOnly ? list.InShort() : list, WireJson.Options);
    }

    // The rows that are about no ask.
    private static IEnumerable<Affordance> RowsOf(AffordanceFilter filter, Func<ParleAction, IEnumerable<Affordance>> rows) =>
        filter.AskID is null ? Actions.All.Where(action => action.Id == (filter.Action ?? action.Id)).SelectMany(rows) : [];

    private static IEnumerable<Affordance> OfPerson(ParleAction action, Standing here) =>
        action.InRoom && action.IsForPerson ? Affordance.Of(action, here) : [];

    private static IEnumerable<Affordance> OfAgent(ParleAction action, Standing here, Refusal? spent) =>
        action.Agent is null || action.NamesAsk ? []
        : (Admission.Obstacle(action, here.Agent, here.RoomID.ToString(), here.Agent.Session!.SessionID.ToString(), here.Now)
            ?? (action.IsUse ? spent : null)) is { } refusal
            ? [Affordance.Denied(action, refusal)]
            : Affordance.Of(action, here);
}
