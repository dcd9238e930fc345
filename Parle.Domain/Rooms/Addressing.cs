namespace Parle.Domain.Rooms;

/// <summary>The kind of a message's audience.</summary>
public enum AddressingKind
{
    /// <summary>Any reader; nobody in particular.</summary>
    Unaddressed,

    /// <summary>Everybody in the room.</summary>
    Broadcast,

    /// <summary>Only the named addressees; nobody else learns that it was said.</summary>
    Direct,
}

/// <summary>A fact's audience, resolved to participants.</summary>
/// <param name="Kind">Everyone, or only the named addressees.</param>
/// <param name="Targets">The named addressees; empty unless <see cref="AddressingKind.Direct"/>.</param>
public sealed record Addressing(AddressingKind Kind, IReadOnlyList<Target> Targets)
{
    /// <summary>To nobody in particular.</summary>
    public static Addressing None { get; } = new(AddressingKind.Unaddressed, []);

    /// <summary>To everybody.</summary>
    public static Addressing Everybody { get; } = new(AddressingKind.Broadcast, []);

    /// <summary>To <paramref name="targets"/> only.</summary>
    public static Addressing To(params IReadOnlyList<Target> targets) => new(AddressingKind.Direct, targets);
}

/// <summary>One addressee of a direct fact.</summary>
/// <param name="Address">The address as the author wrote it.</param>
/// <param name="ParticipantID">
/// The participant it reached; null when no session had the alias at that moment, and for an agent's own address.
/// </param>
/// <param name="SeatID">The seat that may read it.</param>
/// <param name="AgentSessionID">The session of that participant.</param>
/// <param name="Alias">The alias it was sent to, which owns the work from now on; null when it was sent to a session or an agent.</param>
public sealed record Target(string Address, Guid? ParticipantID, Guid SeatID, Guid? AgentSessionID = null, string? Alias = null)
{
    /// <summary>The scope of what any session of the seat can take. No alias is spelt so.</summary>
    public const string AnySession = "*";

    /// <summary>The owner of the work within the seat: an alias, or else the participant, or else any of its sessions.</summary>
    public string Scope => Alias ?? ParticipantID?.ToString() ?? AnySession;
}
