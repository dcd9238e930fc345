using Parle.Domain.Names;

namespace Parle.Domain.Tokens;

/// <summary>The wanted limits of a token. A limit that is absent is inherited from the minter.</summary>
/// <param name="Scopes">The scopes it shall have.</param>
/// <param name="Actions">The only actions it shall allow, by their names in the registry.</param>
/// <param name="Asks">The only asks it shall act on.</param>
/// <param name="ExpiresAt">The moment it shall end.</param>
/// <param name="Uses">The number of facts that can be recorded with it.</param>
public sealed record Narrowing(
    IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Actions = null, IReadOnlyList<Guid>? Asks = null,
    DateTimeOffset? ExpiresAt = null, int? Uses = null)
{
    /// <summary>Most uses that can be counted.</summary>
    public const int MaxUses = 100;

    /// <summary>Most asks that a token can name.</summary>
    public const int MaxAsks = 32;
}

/// <summary>An action of the registry, as tokens know it.</summary>
/// <param name="ID">Its name.</param>
/// <param name="NamesAsk">Whether it is about one ask.</param>
/// <param name="IsAlwaysAllowed">Whether every token allows it, in spite of limits.</param>
public sealed record KnownAction(string ID, bool NamesAsk, bool IsAlwaysAllowed);

/// <summary>The limits of a token. A token minted with it is never wider, in any respect.</summary>
/// <param name="Scopes">Its scopes.</param>
/// <param name="Limits">The actions and asks it is narrowed to.</param>
/// <param name="ExpiresAt">The moment it expires; null for never.</param>
/// <param name="Uses">The number of facts that can be recorded with it; null for no bound.</param>
public sealed record Reach(IReadOnlyList<string> Scopes, TokenLimits Limits, DateTimeOffset? ExpiresAt, int? Uses)
{
    /// <summary>The widest token: a person's token is narrowed from this.</summary>
    public static Reach Everything { get; } = new(Tokens.Scopes.All, TokenLimits.None, null, null);

    /// <summary>Whether it allows <paramref name="action"/>, on some ask or on none.</summary>
    public bool Allows(KnownAction action) => action.IsAlwaysAllowed || Limits.Obstacle(action.ID, action.NamesAsk, null) is null;

    /// <summary>
    /// Narrows these limits by <paramref name="wish"/>, or refuses. Nothing is cut silently: a wish beyond these limits is refused.
    /// </summary>
    /// <param name="wish">The wanted limits.</param>
    /// <param name="registry">All actions of the registry.</param>
    /// <param name="now">The moment.</param>
    /// <param name="narrowed">The result; the same as this when refused.</param>
    public Refusal? Narrow(Narrowing wish, IReadOnlyList<KnownAction> registry, DateTimeOffset now, out Reach narrowed)
    {
        narrowed = this;
        if (Obstacle(wish, registry, now) is { } wrong)
        {
            return Refusals.ValidationFailed.Because(wrong);
        }

        narrowed = new(
            wish.Scopes is null ? Scopes : [.. wish.Scopes.Distinct()],
            new(wish.Actions is null ? Limits.Actions : [.. wish.Actions.Distinct()],
                wish.Asks is null ? Limits.Asks : [.. wish.Asks.Distinct()]),
            wish.ExpiresAt ?? ExpiresAt,
            wish.Uses ?? Uses);
        return null;
    }

    private string? Obstacle(Narrowing wish, IReadOnlyList<KnownAction> registry, DateTimeOffset now) => wish switch
    {
        { Scopes: [] } => $"scopes are one or more of {string.Join(", ", Scopes)}.",
        { Scopes: { } scopes } when scopes.Except(Scopes).Any() => $"scopes can be {string.Join(", ", Scopes)}, and no others.",
        { Actions: { } actions } when actions.Except(registry.Select(action => action.ID)).ToList() is [var unknown, ..] =>
            "actions holds a name that is no action."
            + (Nearest.Of(unknown ?? "", registry.Select(action => action.ID)) is { } meant ? $" Did you mean {meant}?" : ""),
        { Actions: { } actions } when registry.Any(action => actions.Contains(action.ID) && !Allows(action)) =>
            "actions holds an action that the minting token does not allow.",
        { Asks.Count: 0 or > Narrowing.MaxAsks } => $"asks names 1 to {Narrowing.MaxAsks} asks.",
        { Asks: { } asks } when Limits.Asks is { } own && asks.Except(own).Any() =>
            "asks holds an ask that the minting token cannot act on.",
        { ExpiresAt: { } end } when end <= now => "expires_at must lie in the future.",
        { ExpiresAt: { } end } when end > ExpiresAt => "expires_at is later than that of the minting token.",
        { Uses: < 1 or > Narrowing.MaxUses } => $"uses must be 1 to {Narrowing.MaxUses}.",
        { Uses: { } uses } when uses > Uses => "uses is more than the minting token has.",
        _ => null,
    };
}
