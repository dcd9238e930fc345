namespace Parle.Domain.Tokens;

/// <summary>
/// A person mints a token for an agent: for a room in which the agent has a seat, or for an invitation until that is accepted.
/// </summary>
/// <param name="AgentID">The agent.</param>
/// <param name="RoomID">The one room it opens; null for an invitation.</param>
/// <param name="Scopes">Its scopes, at least one of <see cref="Scopes.All"/>.</param>
public sealed record MintAgentToken(Guid AgentID, Guid? RoomID, IReadOnlyList<string> Scopes)
{
    /// <summary>The invitation it is bound to; null for none.</summary>
    public Guid? InvitationID { get; init; }

    /// <summary>Further limits below its scopes; the scopes in here are ignored.</summary>
    public Narrowing Narrowing { get; init; } = new();

    /// <summary>All actions of the registry, to check the names in the limits.</summary>
    public IReadOnlyList<KnownAction> Registry { get; init; } = [];

    /// <summary>Decides.</summary>
    /// <param name="seatID">The agent's seat in the room; null when it has none, or there is no room yet.</param>
    /// <param name="now">The moment.</param>
    public Decision Decide(Guid? seatID, DateTimeOffset now)
    {
        if (RoomID is not null && seatID is null)
        {
            return Refusals.ValidationFailed.Because("The agent needs a seat in the room first.");
        }

        if (InvitationID is not null && !Scopes.Contains(Tokens.Scopes.ClaimInvite))
        {
            return Refusals.ValidationFailed.Because($"scopes must hold {Tokens.Scopes.ClaimInvite} for an invitation.");
        }

        return Reach.Everything.Narrow(Narrowing with { Scopes = Scopes }, Registry, now, out var reach) is { } refusal ? refusal
            : Decision.Record(new AgentTokenMinted(AgentID, RoomID, reach.Scopes, reach.ExpiresAt)
            {
                SeatID = seatID,
                InvitationID = InvitationID,
                Actions = reach.Limits.Actions,
                Asks = reach.Limits.Asks,
                Uses = reach.Uses,
            });
    }
}
