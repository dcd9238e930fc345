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
        : namesAsk && askID is { } ask && Asks?.Contains(ask) is false ? Refusals.NotFound // As if it were hidden: its holder need not know of it.
        : null;
}
