namespace Parle.Domain.Tokens;

/// <summary>A token, as decisions need it.</summary>
/// <param name="AgentID">Whose it is.</param>
/// <param name="RoomID">The room it opens; null while it is bound to an invitation.</param>
/// <param name="SeatID">The seat it opens it with.</param>
/// <param name="InvitationID">The invitation it was minted for; null for none.</param>
/// <param name="Path">The tokens above it, the first one first.</param>
/// <param name="Reach">How far it reaches.</param>
/// <param name="IsRevoked">Whether it was taken back.</param>
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

/// <summary>
/// Takes a token back, and with it all below it. Once: who finds it taken back already is told that there is no such token.
/// </summary>
public sealed record RevokeAgentToken
{
    /// <summary>Decides.</summary>
    public Decision Decide(AgentToken? token) =>
        token is null or { IsRevoked: true } ? Refusals.NoSuchThing : Decision.Record(new AgentTokenRevoked());
}
