namespace Parle.Api.Reading;

/// <summary>
/// The ranges of one view that this node knows to be on the read ledger, without overlaps. There may be more on the ledger, never less.
/// Immutable, so reading them needs no lock.
/// </summary>
public sealed class LedgerRanges
{
    /// <summary>Most ranges that are kept: enough for a reader that jumps about in a long room for some time.</summary>
    public const int Most = 256;

    private readonly SeqRange[] ranges; // In order, no two of them touching.

    private LedgerRanges(SeqRange[] ranges) => this.ranges = ranges;

    /// <summary>No range.</summary>
    public static LedgerRanges None { get; } = new([]);

    /// <summary>The number of ranges.</summary>
    public int Count => ranges.Length;

    /// <summary>Whether one range contains all of <paramref name="asked"/>.</summary>
    public bool Cover(SeqRange asked) =>
        FirstThatEndsAtOrAfter(asked.Upto) is var place && place < ranges.Length && ranges[place].From <= asked.From;

    /// <summary>These ranges and one more. When there are too many, the shortest of the others is dropped.</summary>
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

/// <summary>A range of positions in a view.</summary>
/// <param name="From">The first.</param>
/// <param name="Upto">The last, <paramref name="From"/> or more.</param>
public readonly record struct SeqRange(long From, long Upto)
{
    /// <summary>Whether the two ranges overlap or touch.</summary>
    public bool Touches(SeqRange other) => From <= other.Upto + 1 && other.From <= Upto + 1;

    /// <summary>The range from the lower start to the higher end.</summary>
    public SeqRange With(SeqRange other) => new(Math.Min(From, other.From), Math.Max(Upto, other.Upto));
}
