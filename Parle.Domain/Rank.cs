namespace Parle.Domain;

/// <summary>A caller's rank below its principal: a guest stands below its host, and a token below the one it was minted with.</summary>
/// <param name="IsGuest">Whether it acts by a guest's seat.</param>
/// <param name="TokensAbove">The number of tokens above its own.</param>
public readonly record struct Rank(bool IsGuest, int TokensAbove)
{
    /// <summary>The number of times the principal's bound is halved for it; 0 for the whole bound.</summary>
    public int Level => TokensAbove + (IsGuest ? 1 : 0);
}

/// <summary>
/// A count of one principal or one seat, with the part of it that belongs to lower ranks. All guests together may have at most half of a
/// bound, and so may all tokens below another one; the next level at most a quarter, and so on. No part ever has more than it leaves free.
/// So a flood leaves the host, the token above and its neighbours their share (law 10).
/// </summary>
/// <param name="All">The whole count.</param>
public sealed record Count(long All)
{
    /// <summary>Nothing yet.</summary>
    public static Count None { get; } = new(0);

    /// <summary>The guests' part: of all of them, of those a level below, and so on.</summary>
    public IReadOnlyList<long> OfGuests { get; init; } = [];

    /// <summary>
    /// The part of tokens below another one of the principal's own agents: of all of them, of those below these, and so on.
    /// </summary>
    public IReadOnlyList<long> OfNarrower { get; init; } = [];

    /// <summary>The count after <paramref name="more"/> by a caller of this rank.</summary>
    public Count And(Rank rank, long more) => more == 0 ? this
        : rank.Level == 0 ? this with { All = All + more }
        : rank.IsGuest ? this with { All = All + more, OfGuests = Raise(OfGuests, rank.Level, more) }
        : this with { All = All + more, OfNarrower = Raise(OfNarrower, rank.Level, more) };

    /// <summary>The bound that <paramref name="more"/> at this rank would exceed, with its present use; null when none.</summary>
    /// <param name="rank">The rank of the caller.</param>
    /// <param name="more">The amount to add.</param>
    /// <param name="limit">The bound on the whole count; 0 for none.</param>
    public (long Used, long Limit)? Exceeded(Rank rank, long more, long limit)
    {
        if (limit == 0)
        {
            return null;
        }

        var free = limit - All - more;
        if (free < 0)
        {
            return (All, limit);
        }

        var below = rank.IsGuest ? OfGuests : OfNarrower;
        for (var level = 1; level <= rank.Level; level++)
        {
            var used = below.ElementAtOrDefault(level - 1);
            var share = Math.Min(Math.Max(1, limit >> level), Math.Max(Math.Min(1, free), free >> (level - 1)));
            if (used + more > share)
            {
                return (used, share);
            }
        }

        return null;
    }

    private static IReadOnlyList<long> Raise(IReadOnlyList<long> levels, int to, long more) =>
        [.. Enumerable.Range(0, Math.Max(to, levels.Count)).Select(i => levels.ElementAtOrDefault(i) + (i < to ? more : 0))];
}
