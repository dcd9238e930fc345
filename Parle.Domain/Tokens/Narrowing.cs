using Parle.Domain.Names;

namespace Parle.Domain.Tokens;

/// <summary>How far a token is to reach. What is not said is inherited: as far as whoever mints it reaches.</summary>
/// <param name="Scopes">The scopes it is to have.</param>
/// <param name="Actions">The only actions it is to allow, by their names in the registry.</param>
/// <param name="Asks">The only asks it is to act on.</param>
/// <param name="ExpiresAt">When it is to end.</param>
/// <param name="Uses">How many facts are to be recorded with it.</param>
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
/// <param name="IsAlwaysAllowed">Whether every token allows it.</param>
public sealed record KnownAction(string ID, bool NamesAsk, bool IsAlwaysAllowed);

/// <summary>How far a token reaches. A token that is minted with it reaches no further, in nothing.</summary>
/// <param name="Scopes">What it allows.</param>
/// <param name="Limits">To which actions and asks that is narrowed.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
/// <param name="Uses">How many facts can be recorded with it; null for any number.</param>
public sealed record Reach(IReadOnlyList<string> Scopes, TokenLimits Limits, DateTimeOffset? ExpiresAt, int? Uses)
{
    /// <summary>As far as any token can reach: what a person mints is narrowed from this.</summary>
    public static Reach Everything { get; } = new(Tokens.Scopes.All, TokenLimits.None, null, null);

    /// <summary>Whether it allows <paramref name="action"/> with some ask, or with none.</summary>
    public bool Allows(KnownAction action) => action.IsAlwaysAllowed || Limits.Obstacle(action.ID, action.NamesAsk, null) is null;

    /// <summary>
    /// What is wrong with <paramref name="wish"/>, or in <paramref name="narrowed"/> how far it reaches. Nothing is silently cut: who asks
    /// for more than there is, is refused.
    /// </summary>
    /// <param name="wish">What is asked for.</param>
    /// <param name="registry">All actions there are.</param>
    /// <param name="now">The moment.</param>
    /// <param name="narrowed">What comes of it; the same as this when it is refused.</param>
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
            "actions holds a word that is no action's name."
            + (Nearest.Of(unknown ?? "", registry.Select(action => action.ID)) is { } meant ? $" Did you mean {meant}?" : ""),
        { Actions: { } actions } when registry.Any(action => actions.Contains(action.ID) && !Allows(action)) =>
            "actions holds what the token that mints it does not allow.",
        { Asks.Count: 0 or > Narrowing.MaxAsks } => $"asks names 1 to {Narrowing.MaxAsks} asks.",
        { Asks: { } asks } when Limits.Asks is { } own && asks.Except(own).Any() =>
            "asks holds one that the token that mints it cannot act on.",
        { ExpiresAt: { } end } when end <= now => "expires_at must lie in the future.",
        { ExpiresAt: { } end } when end > ExpiresAt => "expires_at is later than that of the token that mints it.",
        { Uses: < 1 or > Narrowing.MaxUses } => $"uses must be 1 to {Narrowing.MaxUses}.",
        { Uses: { } uses } when uses > Uses => "uses is more than the token that mints it has.",
        _ => null,
    };
}
