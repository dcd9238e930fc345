namespace Parle.Domain.Aliases;

/// <summary>
/// Accepts no more messages for an alias while no session has it. Messages accepted before stay; doing it again changes nothing.
/// </summary>
/// <param name="Alias">The alias.</param>
/// <param name="RoomID">Only in this room; null: everywhere.</param>
public sealed record DisableOfflineDelivery(string Alias, Guid? RoomID)
{
    /// <summary>An alias that was never claimed, or that was released, has no settings.</summary>
    public static Refusal? Obstacle(AliasState alias) => alias.Generation == 0 || alias.Released ? Refusals.NotFound : null;

    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        Obstacle(aliases[Alias]) is { } refusal ? refusal
        : IsOff(aliases[Alias]) ? Decision.Nothing
        : Decision.Record(new AliasOfflineDeliveryDisabled(Alias, RoomID));

    private bool IsOff(AliasState alias) => RoomID is { } roomID ? !alias.OpenIn(roomID) : !alias.OfflineDelivery;
}
