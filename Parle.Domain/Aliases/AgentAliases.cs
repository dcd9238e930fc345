using System.Collections.Immutable;

namespace Parle.Domain.Aliases;

/// <summary>The names an agent's sessions go by, as decisions need them.</summary>
/// <param name="ByName">Every name that was ever claimed.</param>
public sealed record AgentAliases(ImmutableDictionary<string, AliasState> ByName)
{
    /// <summary>An agent without names.</summary>
    public static AgentAliases None { get; } = new(ImmutableDictionary<string, AliasState>.Empty);

    /// <summary>The state of <paramref name="alias"/>; a name that nobody ever claimed has generation 0.</summary>
    public AliasState this[string alias] => ByName.GetValueOrDefault(alias, AliasState.NeverClaimed);

    /// <summary>Whether <paramref name="sessionID"/> has a name.</summary>
    public bool IsHeldBy(Guid sessionID) => ByName.Values.Any(alias => alias.SessionID == sessionID);

    /// <summary>The names after one more fact of the agent's stream; facts of other kinds change nothing.</summary>
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

/// <summary>One name of an agent.</summary>
/// <param name="Generation">How often it was taken over; 0 when never.</param>
/// <param name="SessionID">Who took it last, whether that session still lives or not.</param>
/// <param name="OfflineDelivery">Whether messages are taken for it while nobody has it.</param>
/// <param name="ClosedRooms">Rooms in which they are not, although in general they are.</param>
public sealed record AliasState(long Generation, Guid? SessionID, bool OfflineDelivery, ImmutableHashSet<Guid> ClosedRooms)
{
    /// <summary>Whether its owner gave it up, and nobody claimed it since.</summary>
    public bool Released { get; init; }

    /// <summary>A name that nobody ever claimed.</summary>
    public static AliasState NeverClaimed { get; } = new(0, null, true, []);

    /// <summary>Whether messages are taken in <paramref name="roomID"/>.</summary>
    public bool OpenIn(Guid roomID) => !ClosedRooms.Contains(roomID);
}
