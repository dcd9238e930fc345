using CsCheck;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 2, over every surface that a reader has.
public class WhatIsHidden(TestCluster cluster)
{
    [Fact]
    public async Task leaves_no_trace_in_anything_that_can_be_read()
    {
        var service = await cluster.Service;
        await Step.Histories.SampleAsync(
            async (Step[] history) =>
            {
                var whispered = await Life.Through(service, history, withWhatIsHidden: true);
                var quiet = await Life.Through(service, history, withWhatIsHidden: false);
                Assert.Equal(quiet, whispered);
            },
            iter: 4, threads: 1);
    }
}
