namespace Parle.Domain.Tokens;

/// <summary>An agent may act with a token from now on. The token itself is kept nowhere; its keyed hash lies outside the record.</summary>
/// <param name="AgentID">Whose token it is.</param>
/// <param name="RoomID">The one room it opens; null while it is bound to an invitation.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="ExpiresAt">When it allows nothing any more; null for never.</param>
public sealed record AgentTokenMinted(Guid AgentID, Guid? RoomID, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    /// <summary>The seat it opens the room with: the token ends with it.</summary>
    public Guid? SeatID { get; init; }

    /// <summary>The invitation it is bound to until that is accepted; null for none.</summary>
    public Guid? InvitationID { get; init; }

    /// <summary>The tokens above it, from the first one down to the one it was minted with; empty for one that a person minted.</summary>
    public IReadOnlyList<Guid> Path { get; init; } = [];

    /// <summary>The only actions it allows, by their names in the registry; null for all.</summary>
    public IReadOnlyList<string>? Actions { get; init; }

    /// <summary>The only asks it can act on; null for all.</summary>
    public IReadOnlyList<Guid>? Asks { get; init; }

    /// <summary>How many facts can be recorded with it, 1 or more; null for any number.</summary>
    public int? Uses { get; init; }
}

/// <summary>The invitation that a token was minted for was accepted: it opens this room from now on.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The seat it opens it with: the token ends with it.</param>
public sealed record AgentTokenBound(Guid RoomID, Guid SeatID);

/// <summary>A token no longer allows anything, nor do those below it.</summary>
public sealed record AgentTokenRevoked;
