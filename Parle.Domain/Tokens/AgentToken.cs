namespace Parle.Domain.Tokens;

/// <summary>The state of a token that decisions need.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="RoomID">The room it opens; null while it is bound to an invitation.</param>
/// <param name="SeatID">The seat in that room.</param>
/// <param name="InvitationID">The invitation it was minted for; null for none.</param>
/// <param name="Path">The tokens above it, outermost first.</param>
/// <param name="Reach">The limits of its use.</param>
/// <param name="IsRevoked">Whether it was revoked.</param>
public sealed record AgentToken(
    Guid AgentID, Guid? RoomID, Guid? SeatID, Guid? InvitationID, IReadOnlyList<Guid> Path, Reach Reach, bool IsRevoked)
{
    /// <summary>The token after one more fact of its stream.</summary>
    public static AgentToken? Apply(AgentToken? token, object fact) => fact switch
    {
        AgentTokenMinted minted => new(
            minted.AgentID, minted.RoomID, minted.SeatID, minted.InvitationID, minted.Path,
            new(minted.Scopes, minted.Actions is null && minted.Asks is null ? TokenLimits.None : new(minted.Actions, minted.Asks),
                minted.ExpiresAt, minted.Uses), IsRevoked: false),
        AgentTokenBound bound => token! with { RoomID = bound.RoomID, SeatID = bound.SeatID },
        AgentTokenRevoked => token! with { IsRevoked = true },
        _ => token,
    };
}

/// <summary>Revokes a token, and with it all below it. Only once: a second caller is told that there is no such token.</summary>
public sealed record RevokeAgentToken
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentToken? token) =>
        token is null or { IsRevoked: true } ? Refusals.NoSuchThing : Decision.Record(new AgentTokenRevoked());
}
