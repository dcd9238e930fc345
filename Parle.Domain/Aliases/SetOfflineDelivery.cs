namespace Parle.Domain.Aliases;

/// <summary>
/// Sets whether messages are accepted for an alias while no session has it; only the person that owns the agent can. Setting it again
/// changes nothing.
/// </summary>
/// <param name="Alias">The alias.</param>
/// <param name="RoomID">Only in this room; null: everywhere.</param>
/// <param name="On">Whether messages are accepted.</param>
public sealed record SetOfflineDelivery(string Alias, Guid? RoomID, bool On)
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        !On ? new DisableOfflineDelivery(Alias, RoomID).Decide(aliases)
        : DisableOfflineDelivery.Obstacle(aliases[Alias]) is { } refusal ? refusal
        : (RoomID is { } roomID ? aliases[Alias].OpenIn(roomID) : aliases[Alias].OfflineDelivery) ? Decision.Nothing
        : Decision.Record(new AliasOfflineDeliveryEnabled(Alias, RoomID));
}

/// <summary>Lets messages wait for an alias in every room, even in rooms where that was switched off.</summary>
/// <param name="Alias">The alias.</param>
public sealed record RestoreOfflineDelivery(string Alias)
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        DisableOfflineDelivery.Obstacle(aliases[Alias]) is { } refusal ? refusal
        : aliases[Alias] is { OfflineDelivery: true, ClosedRooms.IsEmpty: true } ? Decision.Nothing
        : Decision.Record(new AliasOfflineDeliveryRestored(Alias));
}
