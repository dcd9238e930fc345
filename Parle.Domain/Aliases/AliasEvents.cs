namespace Parle.Domain.Aliases;

// Events of an agent's stream about the aliases of its sessions.

/// <summary>A session claimed an alias of its agent. The session that had it before loses it.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Generation">The number of this claim, from 1.</param>
/// <param name="SessionID">The session that has it now.</param>
public sealed record AliasClaimed(string Alias, long Generation, Guid SessionID);

/// <summary>From now on no messages are accepted for an alias while no session has it.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="RoomID">Only in this room; null: in all of them.</param>
public sealed record AliasOfflineDeliveryDisabled(string Alias, Guid? RoomID);

/// <summary>A person lets messages wait for an alias again.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="RoomID">Only in this room, and only if the alias accepts them at all; null: in all rooms in which they are not switched
/// off.</param>
public sealed record AliasOfflineDeliveryEnabled(string Alias, Guid? RoomID);

/// <summary>A person lets messages wait for an alias in every room.</summary>
/// <param name="Alias">The alias.</param>
public sealed record AliasOfflineDeliveryRestored(string Alias);

/// <summary>An alias was released. The session that had it goes on under its own handle; the next claim begins anew.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Generation">The number of claims it had had.</param>
public sealed record AliasReleased(string Alias, long Generation);
