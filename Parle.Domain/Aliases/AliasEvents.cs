namespace Parle.Domain.Aliases;

// What an agent's stream holds of the names its sessions go by.

/// <summary>A session took over a name of its agent; whoever had it before has it no more.</summary>
/// <param name="Alias">The name.</param>
/// <param name="Generation">How often it was taken over, from 1.</param>
/// <param name="SessionID">Who has it now.</param>
public sealed record AliasClaimed(string Alias, long Generation, Guid SessionID);

/// <summary>From now on nobody may leave messages for a name while no session has it.</summary>
/// <param name="Alias">The name.</param>
/// <param name="RoomID">Only in this room; null: in all of them.</param>
public sealed record AliasOfflineDeliveryDisabled(string Alias, Guid? RoomID);

/// <summary>A person lets messages be left for a name again.</summary>
/// <param name="Alias">The name.</param>
/// <param name="RoomID">Only in this room, as far as they are taken at all; null: in all rooms in which they are not switched off.</param>
public sealed record AliasOfflineDeliveryEnabled(string Alias, Guid? RoomID);

/// <summary>A person lets messages be left for a name in every room.</summary>
/// <param name="Alias">The name.</param>
public sealed record AliasOfflineDeliveryRestored(string Alias);

/// <summary>A name is nobody's any more. The session that had it goes on under its own handle; the next claim begins anew.</summary>
/// <param name="Alias">The name.</param>
/// <param name="Generation">How often it had been taken over.</param>
public sealed record AliasReleased(string Alias, long Generation);
