namespace Parle.Domain.Tokens;

/// <summary>The holder of a token mints one below it, which reaches no further: same agent, same room, same seat.</summary>
/// <param name="ParentID">The token that is held.</param>
/// <param name="Narrowing">How far the new one is to reach.</param>
/// <param name="Registry">All actions there are.</param>
public sealed record NarrowToken(Guid ParentID, Narrowing Narrowing, IReadOnlyList<KnownAction> Registry)
{
    /// <summary>How many tokens can be above one.</summary>
    public const int MaxDepth = 8;

    /// <summary>What a token with so many above it is told.</summary>
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
