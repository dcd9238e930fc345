using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Parle.Api.Reading;
using Parle.Tests.Laws;

namespace Parle.Tests.Rooms;

/// Ranges that a node caches as shown, and no longer writes, are in the ledger; any node may have written them.
public class WhatANodeKnowsToBeShown(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private sealed record Page(bool AtB, int From, int Upto);

    private static readonly Gen<Page[]> Pages =
        Gen.Select(Gen.Bool, Gen.Int[1, 40], Gen.Int[0, 8], (atB, from, more) => new Page(atB, from, from + more)).Array[1, 25];

    [Fact]
    public async Task is_on_the_ledger_in_a_line_for_each_page_that_showed_more() => await Pages.SampleAsync(
        async (Page[] pages) =>
        {
            var (seatID, shown, lines) = (Guid.NewGuid(), new HashSet<long>(), 0);
            foreach (var page in pages)
            {
                var seqs = Enumerable.Range(page.From, page.Upto - page.From + 1).Select(seq => (long)seq).ToList();
                await Record(seatID, page);
                lines += shown.IsSupersetOf(seqs) ? 0 : 1;
                shown.UnionWith(seqs);
                Assert.Equal(shown.Order(), await Ledger(seatID));
                Assert.Equal(lines, await nodes.A.Scalar<long>("select count(*) from parle.disclosures where seat_id = $1", seatID));
                Assert.True(Record(seatID, page).IsCompleted);
            }
        },
        iter: 30, threads: 1);

    [Fact]
    public async Task is_on_the_ledger_also_when_many_pages_are_shown_at_once() => await Pages.SampleAsync(
        async (Page[] pages) =>
        {
            var seatID = Guid.NewGuid();
            await Task.WhenAll(pages.Select(page => Record(seatID, page)));
            Assert.Equal(pages.SelectMany(page => Enumerable.Range(page.From, page.Upto - page.From + 1)).Distinct().Order()
                .Select(seq => (long)seq), await Ledger(seatID));
            foreach (var page in pages)
            {
                Assert.True(Record(seatID, page).IsCompleted);
            }
        },
        iter: 30, threads: 1);

    [Fact]
    public async Task is_after_one_page_all_that_its_line_in_the_ledger_covers()
    {
        var seatID = Guid.NewGuid();
        for (var from = 1; from < 1000; from += 100)
        {
            await Record(seatID, new(AtB: false, from, from + 99));
        }

        await Record(seatID, new(AtB: true, 501, 600));
        foreach (var from in (int[])[1, 150, 801])
        {
            Assert.True(Record(seatID, new(AtB: true, from, from + 199)).IsCompleted);
        }

        await Record(seatID, new(AtB: true, 802, 1001));
        Assert.Equal(Enumerable.Range(1, 1001).Select(seq => (long)seq), await Ledger(seatID));
    }

    private Task Record(Guid seatID, Page page) =>
        (page.AtB ? nodes.B : nodes.A).Host.Services.GetRequiredService<ReadLedger>().Record(seatID, page.From, page.Upto, Guid.NewGuid());

    private async Task<IReadOnlyList<long>> Ledger(Guid seatID) => await nodes.A.Rows(
        "select distinct seq from parle.disclosures, generate_series(from_seq, upto_seq) as seq where seat_id = $1 order by 1",
        row => row.GetInt64(0), seatID);
}
