namespace Parle.Domain.Tokens;

/// <summary>A token's limits beyond its scopes.</summary>
/// <param name="Actions">The only actions it allows, by their names in the registry; null for all, or for all about its asks.</param>
/// <param name="Asks">The only asks it can act on; null for all.</param>
public sealed record TokenLimits(IReadOnlyList<string>? Actions, IReadOnlyList<Guid>? Asks)
{
    /// <summary>No limits beyond the scopes.</summary>
    public static TokenLimits None { get; } = new(null, null);

    /// <summary>The refusal of an action; null when the token allows it.</summary>
    /// <param name="action">The action's name.</param>
    /// <param name="namesAsk">Whether it is about one ask.</param>
    /// <param name="askID">The ask; null when no certain one is meant.</param>
    public Refusal? Obstacle(string action, bool namesAsk, Guid? askID) =>
        !(Actions?.Contains(action) ?? (Asks is null || namesAsk)) ? Refusals.NotInToken
        // Answered as if the ask were hidden: the holder need not know of it.
        : namesAsk && askID is { } ask && Asks?.Contains(ask) is false ? Refusals.NotFound
        : null;

    /// <summary>The actions and asks that both these limits and <paramref name="other"/> allow.</summary>
    /// <param name="other">The other limits.</param>
    /// <param name="registry">All actions there are.</param>
    public TokenLimits And(TokenLimits? other, IReadOnlyList<KnownAction> registry)
    {
        if (other is null or { Actions: null, Asks: null })
        {
            return this;
        }

        // The allowed actions are listed one by one, because a limit to asks also limits the actions to those about one ask.
        bool AllowsOne(KnownAction action) =>
            Obstacle(action.ID, action.NamesAsk, null) is null && other.Obstacle(action.ID, action.NamesAsk, null) is null;
        return this is { Actions: null, Asks: null } ? other
            : new([.. registry.Where(action => AllowsOne(action)).Select(action => action.ID)],
                Asks is null || other.Asks is null ? Asks ?? other.Asks : [.. Asks.Intersect(other.Asks)]);
    }
}
