namespace Parle.Domain.Aliases;

/// <summary>Takes no more messages for a name while nobody has it. What was taken before stays; doing it again changes nothing.</summary>
/// <param name="Alias">The name.</param>
/// <param name="RoomID">Only in this room; null: everywhere.</param>
public sealed record DisableOfflineDelivery(string Alias, Guid? RoomID)
{
    /// <summary>A name that nobody ever claimed, or that was given up, has no settings.</summary>
    public static Refusal? Obstacle(AliasState alias) => alias.Generation == 0 || alias.Released ? Refusals.NotFound : null;

    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        Obstacle(aliases[Alias]) is { } refusal ? refusal
        : IsOff(aliases[Alias]) ? Decision.Nothing
        : Decision.Record(new AliasOfflineDeliveryDisabled(Alias, RoomID));

    private bool IsOff(AliasState alias) => RoomID is { } roomID ? !alias.OpenIn(roomID) : !alias.OfflineDelivery;
}
