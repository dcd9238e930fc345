namespace Parle.Domain;

/// <summary>Where somebody stands in what its principal may: a guest below its host, and a token below the one it comes from.</summary>
/// <param name="IsGuest">Whether it acts by a guest's seat.</param>
/// <param name="TokensAbove">How many tokens are above its own.</param>
public readonly record struct Rank(bool IsGuest, int TokensAbove)
{
    /// <summary>How often what a principal may is halved for it; 0 for all of it.</summary>
    public int Level => TokensAbove + (IsGuest ? 1 : 0);
}

/// <summary>
/// How much of something one principal has, or one seat, and how much of that is of those below. All guests together have at most half,
/// and so have all tokens below another one; those below these a quarter, and so on. None of them ever has more than it leaves free, so
/// that whoever floods leaves its host, the token above and those beside it their share (law 10).
/// </summary>
/// <param name="All">All of it.</param>
public sealed record Count(long All)
{
    /// <summary>Nothing yet.</summary>
    public static Count None { get; } = new(0);

    /// <summary>What guests have: all of them, those a level below, and so on.</summary>
    public IReadOnlyList<long> OfGuests { get; init; } = [];

    /// <summary>What tokens of the principal's own agents have that are below another one, those below these, and so on.</summary>
    public IReadOnlyList<long> OfNarrower { get; init; } = [];

    /// <summary>The count after <paramref name="more"/> by somebody of this rank.</summary>
    public Count And(Rank rank, long more) => more == 0 ? this
        : rank.Level == 0 ? this with { All = All + more }
        : rank.IsGuest ? this with { All = All + more, OfGuests = Raise(OfGuests, rank.Level, more) }
        : this with { All = All + more, OfNarrower = Raise(OfNarrower, rank.Level, more) };

    /// <summary>
    /// What would be exceeded with <paramref name="more"/> by somebody of this rank, as it is now, and its limit; null when nothing would.
    /// </summary>
    /// <param name="rank">Who wants more.</param>
    /// <param name="more">How much more.</param>
    /// <param name="limit">How much there can be of all; 0 for any amount.</param>
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
