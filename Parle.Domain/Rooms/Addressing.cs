namespace Parle.Domain.Rooms;

/// <summary>Whom a message is for.</summary>
public enum AddressingKind
{
    /// <summary>Whoever reads it; nobody in particular.</summary>
    Unaddressed,

    /// <summary>Everybody in the room.</summary>
    Broadcast,

    /// <summary>Only those named; nobody else learns that it was said.</summary>
    Direct,
}

/// <summary>Whom a fact is for, resolved to participants.</summary>
/// <param name="Kind">Everyone, or only those named.</param>
/// <param name="Targets">Those named; empty unless <see cref="AddressingKind.Direct"/>.</param>
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
/// <param name="ParticipantID">Whom it reached; null when nobody had the alias at that moment.</param>
/// <param name="SeatID">The seat that may read it.</param>
/// <param name="AgentSessionID">The session it reached; null when nobody had the alias at that moment.</param>
/// <param name="Alias">The alias it was sent to, whose work it is from now on; null when it was sent to a session or an agent.</param>
public sealed record Target(string Address, Guid? ParticipantID, Guid SeatID, Guid? AgentSessionID = null, string? Alias = null)
{
    /// <summary>Whose work it is, within the seat: an alias, or else the participant.</summary>
    public string Scope => Alias ?? ParticipantID!.Value.ToString();
}
