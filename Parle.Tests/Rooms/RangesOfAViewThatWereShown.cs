using CsCheck;
using Parle.Api.Reading;

namespace Parle.Tests.Rooms;

public class RangesOfAViewThatWereShown
{
    private const int Places = 24;

    private static readonly Gen<SeqRange[]> Pages =
        Gen.Select(Gen.Int[1, Places], Gen.Int[0, 5], (from, more) => new SeqRange(from, from + more)).Array[1, 14];

    [Fact]
    public void cover_what_they_were_told_and_nothing_else() => Pages.Sample(pages =>
    {
        var (ranges, shown) = (LedgerRanges.None, new HashSet<long>());
        foreach (var page in pages)
        {
            ranges = ranges.With(page);
            shown.UnionWith(Seqs(page));
            for (var from = 1; from <= Places + 6; from++)
            {
                for (var upto = from; upto <= Places + 6; upto++)
                {
                    Assert.Equal(shown.IsSupersetOf(Seqs(new(from, upto))), ranges.Cover(new(from, upto)));
                }
            }

            Assert.Equal(shown.Count(seq => !shown.Contains(seq - 1)), ranges.Count);
        }
    });

    [Fact]
    public void are_as_they_were_when_there_are_more() => Pages.Sample(pages =>
    {
        var before = pages.Aggregate(LedgerRanges.None, (ranges, page) => ranges.With(page));
        var covered = Enumerable.Range(1, Places).Select(seq => before.Cover(new(seq, seq))).ToList();
        before.With(new(1, Places));
        Assert.Equal(covered, Enumerable.Range(1, Places).Select(seq => before.Cover(new(seq, seq))));
    });

    [Fact]
    public void are_never_too_many_and_the_shortest_of_the_others_is_forgotten_first()
    {
        var ranges = LedgerRanges.None;
        for (var i = 1; i <= LedgerRanges.Most; i++)
        {
            ranges = ranges.With(new(1000L * i, (1000L * i) + (i is 7 ? 1 : 2)));
        }

        Assert.True(ranges.Cover(new(7000, 7001)));
        ranges = ranges.With(new(1, 1)); // Shorter than all of them, and yet what is read now.

        Assert.Equal(LedgerRanges.Most, ranges.Count);
        Assert.True(ranges.Cover(new(1, 1)));
        Assert.False(ranges.Cover(new(7000, 7000)));
        Assert.True(ranges.Cover(new(6000, 6002)));
    }

    private static IEnumerable<long> Seqs(SeqRange range) =>
        Enumerable.Range((int)range.From, (int)(range.Upto - range.From + 1)).Select(seq => (long)seq);
}
