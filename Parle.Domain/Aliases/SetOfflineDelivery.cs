namespace Parle.Domain.Aliases;

/// <summary>
/// Says, as the person whose agent it is, whether messages are taken for a name while nobody has it. Saying it again changes nothing.
/// </summary>
/// <param name="Alias">The name.</param>
/// <param name="RoomID">Only in this room; null: everywhere.</param>
/// <param name="On">Whether they are taken.</param>
public sealed record SetOfflineDelivery(string Alias, Guid? RoomID, bool On)
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        !On ? new DisableOfflineDelivery(Alias, RoomID).Decide(aliases)
        : DisableOfflineDelivery.Obstacle(aliases[Alias]) is { } refusal ? refusal
        : (RoomID is { } roomID ? aliases[Alias].OpenIn(roomID) : aliases[Alias].OfflineDelivery) ? Decision.Nothing
        : Decision.Record(new AliasOfflineDeliveryEnabled(Alias, RoomID));
}

/// <summary>Lets messages be left for a name in every room, whatever was switched off.</summary>
/// <param name="Alias">The name.</param>
public sealed record RestoreOfflineDelivery(string Alias)
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        DisableOfflineDelivery.Obstacle(aliases[Alias]) is { } refusal ? refusal
        : aliases[Alias] is { OfflineDelivery: true, ClosedRooms.IsEmpty: true } ? Decision.Nothing
        : Decision.Record(new AliasOfflineDeliveryRestored(Alias));
}
