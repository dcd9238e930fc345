namespace Parle.Api.Reading;

/// <summary>
/// Ranges of one view that a node knows to be on the read ledger, apart from each other. They may be less than what was shown, never more.
/// They do not change, so that reading them needs no lock.
/// </summary>
public sealed class LedgerRanges
{
    /// <summary>Most ranges that are kept: enough for a reader that jumps about in a long room for quite a while.</summary>
    public const int Most = 256;

    private readonly SeqRange[] ranges; // In order, no two of them touching.

    private LedgerRanges(SeqRange[] ranges) => this.ranges = ranges;

    /// <summary>No range.</summary>
    public static LedgerRanges None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => ranges.Length;

    /// <summary>Whether one of them has all of <paramref name="asked"/>.</summary>
    public bool Cover(SeqRange asked) =>
        FirstThatEndsAtOrAfter(asked.Upto) is var place && place < ranges.Length && ranges[place].From <= asked.From;

    /// <summary>These and one more. When they become too many, the shortest of the others is forgotten.</summary>
    public LedgerRanges With(SeqRange shown)
    {
        var first = FirstThatEndsAtOrAfter(shown.From - 1);
        var after = first;
        for (; after < ranges.Length && ranges[after].Touches(shown); after++)
        {
            shown = shown.With(ranges[after]);
        }

        List<SeqRange> all = [.. ranges[..first], shown, .. ranges[after..]];
        if (all.Count > Most)
        {
            all.Remove(all.Where(range => range != shown).MinBy(range => range.Upto - range.From));
        }

        return new([.. all]);
    }

    private int FirstThatEndsAtOrAfter(long place)
    {
        var (low, high) = (0, ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].Upto < place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>Places of a view, from one to another.</summary>
/// <param name="From">The first.</param>
/// <param name="Upto">The last, <paramref name="From"/> or more.</param>
public readonly record struct SeqRange(long From, long Upto)
{
    /// <summary>Whether nothing lies between the two, so that they are one.</summary>
    public bool Touches(SeqRange other) => From <= other.Upto + 1 && other.From <= Upto + 1;

    /// <summary>Both, and all places between them.</summary>
    public SeqRange With(SeqRange other) => new(Math.Min(From, other.From), Math.Max(Upto, other.Upto));
}
