using System.Text.Json.Serialization;
using Marten;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Aliases;
using Parle.Domain.Names;
using Parle.Domain.Sessions;
using Parle.Projections.Aliases;

namespace Parle.Api.Aliases;

/// <summary>Whether messages are taken for an alias while nobody has it.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="AliasGeneration">How often it was taken over, from 1.</param>
/// <param name="OfflineDelivery">Whether they are taken at all.</param>
public record OfflineDeliverySetting(string Alias, long AliasGeneration, bool OfflineDelivery)
{
    /// <summary>Whether this call changed it; only in the answer to a change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Changed { get; init; }

    /// <summary>An answer as it is sent.</summary>
    public static OfflineDeliverySetting Example { get; } = new("night-shift", 1, true);
}

/// <summary>The same for one room.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="AliasGeneration">How often it was taken over, from 1.</param>
/// <param name="OfflineDelivery">Whether messages are taken at all.</param>
/// <param name="RoomID">The room.</param>
/// <param name="RoomOfflineDelivery">Whether they are taken in this room.</param>
/// <param name="EffectiveOfflineDelivery">Both together.</param>
public sealed record RoomOfflineDeliverySetting(
    string Alias, long AliasGeneration, bool OfflineDelivery, Guid RoomID, bool RoomOfflineDelivery, bool EffectiveOfflineDelivery)
    : OfflineDeliverySetting(Alias, AliasGeneration, OfflineDelivery)
{
    /// <summary>An answer as it is sent.</summary>
    public static new RoomOfflineDeliverySetting Example { get; } = new(
        "night-shift", 1, true, new("019a7c1d-9c0e-7b7e-a3f1-0f2b4c6d8e01"), false, false);
}

/// <summary>Reads the settings of offline delivery, and switches it off. Only a person can switch it on again.</summary>
public static class OfflineDeliveryEndpoints
{
    /// <summary>Returns the setting for all rooms.</summary>
    [Serves(typeof(AliasActions), nameof(AliasActions.ReadOfflineDelivery))]
    public static Task<IResult> Read(string alias, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        Read(alias, null, caller, session, cancellation);

    /// <summary>Returns the setting for the room of the path.</summary>
    [Serves(typeof(AliasActions), nameof(AliasActions.ReadRoomOfflineDelivery))]
    public static Task<IResult> ReadInRoom(string alias, Caller caller, IQuerySession session, CancellationToken cancellation) =>
        Read(alias, caller.RoomID, caller, session, cancellation);

    /// <summary>Switches it off for all rooms.</summary>
    [Serves(typeof(AliasActions), nameof(AliasActions.DisableOfflineDelivery))]
    public static Task<IResult> Disable(
        string alias, Caller caller, IDocumentSession session, TimeProvider clock, PrincipalLocks locks, Correlation correlation,
        CancellationToken cancellation) =>
        Disable(alias, null, caller, session, clock, locks, correlation, cancellation);

    /// <summary>Switches it off for the room of the path.</summary>
    [Serves(typeof(AliasActions), nameof(AliasActions.DisableRoomOfflineDelivery))]
    public static Task<IResult> DisableInRoom(
        string alias, Caller caller, IDocumentSession session, TimeProvider clock, PrincipalLocks locks, Correlation correlation,
        CancellationToken cancellation) =>
        Disable(alias, caller.RoomID, caller, session, clock, locks, correlation, cancellation);

    private static async Task<IResult> Read(
        string alias, Guid? roomID, Caller caller, IQuerySession session, CancellationToken cancellation)
    {
        var state = (await AliasQueries.Of(session, caller.AgentID, alias, null, cancellation)).Aliases[alias];
        return (SessionAlias.Obstacle(alias) ?? DisableOfflineDelivery.Obstacle(state)) is { } refusal
            ? new RefusalResult(refusal) : Answer(alias, roomID, state, changed: null);
    }

    private static async Task<IResult> Disable(
        string alias, Guid? roomID, Caller caller, IDocumentSession session, TimeProvider clock, PrincipalLocks locks,
        Correlation correlation, CancellationToken cancellation)
    {
        await locks.Take(session, caller.AgentID);
        var (aliases, version, _) = await AliasQueries.Of(session, caller.AgentID, alias, null, cancellation);
        var decision = new DisableOfflineDelivery(alias, roomID).Decide(aliases);
        // Messages that are left for an alias belong to its holder.
        var last = aliases[alias].SessionID is { } holder
            ? (await session.Fold<AgentSession>(holder, AgentSession.Apply, cancellation)).State : null;
        if ((SessionAlias.Obstacle(alias) ?? decision.Refusal ?? (last is null ? null : caller.SessionReach.Obstacle(last.Tokens)))
            is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var now = clock.GetUtcNow();
        foreach (var fact in decision.Facts)
        {
            session.AppendAt(caller.AgentID, version, fact.Data, now, caller.Attribution(correlation.ID));
            aliases = AgentAliases.Apply(aliases, fact.Data);
        }

        return Answer(alias, roomID, aliases[alias], changed: decision.Facts.Count > 0);
    }

    internal static IResult Answer(string alias, Guid? roomID, AliasState state, bool? changed) => roomID is { } id
        ? Results.Json(
            new RoomOfflineDeliverySetting(
                alias, state.Generation, state.OfflineDelivery, id, state.OpenIn(id), state.OfflineDelivery && state.OpenIn(id))
            { Changed = changed }, WireJson.Options)
        : Results.Json(new OfflineDeliverySetting(alias, state.Generation, state.OfflineDelivery) { Changed = changed }, WireJson.Options);
}
