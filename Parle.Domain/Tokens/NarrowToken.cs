namespace Parle.Domain.Tokens;

/// <summary>The holder of a token mints one below it with narrower limits, for the same agent, room and seat.</summary>
/// <param name="ParentID">The holder's own token.</param>
/// <param name="Narrowing">The limits of the new one.</param>
/// <param name="Registry">All actions of the registry.</param>
public sealed record NarrowToken(Guid ParentID, Narrowing Narrowing, IReadOnlyList<KnownAction> Registry)
{
    /// <summary>Most tokens above one.</summary>
    public const int MaxDepth = 8;

    /// <summary>The refusal for a token with that many above it.</summary>
    public static Refusal TooDeep { get; } = Refusals.ValidationFailed with
    { Reason = "too_deep", Unlock = $"There are {MaxDepth} tokens above yours. Mint from one further up." };

    /// <summary>Decides.</summary>
    public Decision Decide(AgentToken parent, DateTimeOffset now) =>
        parent.IsRevoked ? Refusals.InvalidAgentToken
        : parent.Path.Count >= MaxDepth ? TooDeep
        : parent.Reach.Narrow(Narrowing, Registry, now, out var reach) is { } refusal ? refusal
        : Decision.Record(new AgentTokenMinted(parent.AgentID, parent.RoomID, reach.Scopes, reach.ExpiresAt)
        {
            SeatID = parent.SeatID,
            InvitationID = parent.InvitationID,
            Path = [.. parent.Path, ParentID],
            Actions = reach.Limits.Actions,
            Asks = reach.Limits.Asks,
            Uses = reach.Uses,
        });
}
