namespace Parle.Domain.Tokens;

/// <summary>How much narrower a token is than its scopes.</summary>
/// <param name="Actions">The only actions it allows, by their names in the registry; null for all, or for all about its asks.</param>
/// <param name="Asks">The only asks it can act on; null for all.</param>
public sealed record TokenLimits(IReadOnlyList<string>? Actions, IReadOnlyList<Guid>? Asks)
{
    /// <summary>A token that is as wide as its scopes.</summary>
    public static TokenLimits None { get; } = new(null, null);

    /// <summary>Why the token does not allow an action; null when it does.</summary>
    /// <param name="action">The action's name.</param>
    /// <param name="namesAsk">Whether it is about one ask.</param>
    /// <param name="askID">Which; null when that is not the question.</param>
    public Refusal? Obstacle(string action, bool namesAsk, Guid? askID) =>
        !(Actions?.Contains(action) ?? (Asks is null || namesAsk)) ? Refusals.NotInToken
        // As if it were hidden: its holder need not know of it.
        : namesAsk && askID is { } ask && Asks?.Contains(ask) is false ? Refusals.NotFound
        : null;

    /// <summary>What these limits and <paramref name="other"/> both allow.</summary>
    /// <param name="other">The other limits.</param>
    /// <param name="registry">All actions there are.</param>
    public TokenLimits And(TokenLimits? other, IReadOnlyList<KnownAction> registry)
    {
        if (other is null or { Actions: null, Asks: null })
        {
            return this;
        }

        // Named one by one, since what limits to asks also limits to the actions that are about one.
        bool AllowsOne(KnownAction action) =>
            Obstacle(action.ID, action.NamesAsk, null) is null && other.Obstacle(action.ID, action.NamesAsk, null) is null;
        return this is { Actions: null, Asks: null } ? other
            : new([.. registry.Where(action => AllowsOne(action)).Select(action => action.ID)],
                Asks is null || other.Asks is null ? Asks ?? other.Asks : [.. Asks.Intersect(other.Asks)]);
    }
}
