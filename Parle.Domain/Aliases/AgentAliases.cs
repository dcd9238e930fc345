using System.Collections.Immutable;

namespace Parle.Domain.Aliases;

/// <summary>The aliases of an agent's sessions, as decisions need them.</summary>
/// <param name="ByName">Every alias that was ever claimed.</param>
public sealed record AgentAliases(ImmutableDictionary<string, AliasState> ByName)
{
    /// <summary>An agent without aliases.</summary>
    public static AgentAliases None { get; } = new(ImmutableDictionary<string, AliasState>.Empty);

    /// <summary>The state of <paramref name="alias"/>; an alias that was never claimed has generation 0.</summary>
    public AliasState this[string alias] => ByName.GetValueOrDefault(alias, AliasState.NeverClaimed);

    /// <summary>Whether <paramref name="sessionID"/> has an alias.</summary>
    public bool IsHeldBy(Guid sessionID) => ByName.Values.Any(alias => alias.SessionID == sessionID);

    /// <summary>The aliases after one more fact of the agent's stream; facts of other kinds change nothing.</summary>
    public static AgentAliases Apply(AgentAliases aliases, object fact) => fact switch
    {
        AliasClaimed claimed => aliases.With(
            claimed.Alias, alias => alias with { Generation = claimed.Generation, SessionID = claimed.SessionID, Released = false }),
        AliasOfflineDeliveryDisabled { RoomID: { } roomID } disabled =>
            aliases.With(disabled.Alias, alias => alias with { ClosedRooms = alias.ClosedRooms.Add(roomID) }),
        AliasOfflineDeliveryDisabled disabled => aliases.With(disabled.Alias, alias => alias with { OfflineDelivery = false }),
        AliasOfflineDeliveryEnabled { RoomID: { } roomID } enabled =>
            aliases.With(enabled.Alias, alias => alias with { ClosedRooms = alias.ClosedRooms.Remove(roomID) }),
        AliasOfflineDeliveryEnabled enabled => aliases.With(enabled.Alias, alias => alias with { OfflineDelivery = true }),
        AliasOfflineDeliveryRestored restored =>
            aliases.With(restored.Alias, alias => alias with { OfflineDelivery = true, ClosedRooms = [] }),
        AliasReleased released =>
            aliases.With(released.Alias, alias => AliasState.NeverClaimed with { Generation = alias.Generation, Released = true }),
        _ => aliases,
    };

    private AgentAliases With(string name, Func<AliasState, AliasState> change) => new(ByName.SetItem(name, change(this[name])));
}

/// <summary>One alias of an agent.</summary>
/// <param name="Generation">The number of claims so far; 0 when there was none.</param>
/// <param name="SessionID">The session that claimed it last; it may have ended since.</param>
/// <param name="OfflineDelivery">Whether messages are accepted for the alias while no session has it.</param>
/// <param name="ClosedRooms">Rooms that are excepted from offline delivery.</param>
public sealed record AliasState(long Generation, Guid? SessionID, bool OfflineDelivery, ImmutableHashSet<Guid> ClosedRooms)
{
    /// <summary>Whether its owner released it, and nobody has claimed it since.</summary>
    public bool Released { get; init; }

    /// <summary>An alias that was never claimed.</summary>
    public static AliasState NeverClaimed { get; } = new(0, null, true, []);

    /// <summary>Whether offline messages are accepted in <paramref name="roomID"/>.</summary>
    public bool OpenIn(Guid roomID) => !ClosedRooms.Contains(roomID);
}
