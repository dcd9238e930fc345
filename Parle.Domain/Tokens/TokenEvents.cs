namespace Parle.Domain.Tokens;

/// <summary>
/// An agent may act with a token from now on. The token itself is stored nowhere; its keyed hash lies outside the record.
/// </summary>
/// <param name="AgentID">The agent.</param>
/// <param name="RoomID">The one room it opens; null while it is bound to an invitation.</param>
/// <param name="Scopes">Its scopes.</param>
/// <param name="ExpiresAt">The moment it expires; null for never.</param>
public sealed record AgentTokenMinted(Guid AgentID, Guid? RoomID, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    /// <summary>The seat in that room. The token ends with the seat.</summary>
    public Guid? SeatID { get; init; }

    /// <summary>The invitation it is bound to until that is accepted; null for none.</summary>
    public Guid? InvitationID { get; init; }

    /// <summary>The tokens above it, outermost first and its parent last; empty for one that a person minted.</summary>
    public IReadOnlyList<Guid> Path { get; init; } = [];

    /// <summary>The only actions it allows, by their names in the registry; null for all.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>The only asks it can act on; null for all.</summary>
    public IReadOnlyList<Guid>? Asks { get; init; }

    /// <summary>The number of facts that can be recorded with it, 1 or more; null for no bound.</summary>
    public int? Uses { get; init; }
}

/// <summary>The invitation that a token was minted for was accepted: it opens this room from now on.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The seat in that room. The token ends with the seat.</param>
public sealed record AgentTokenBound(Guid RoomID, Guid SeatID);

/// <summary>A token is revoked, and so are those below it.</summary>
public sealed record AgentTokenRevoked;
