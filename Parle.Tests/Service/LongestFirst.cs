using Parle.Tests.Service;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Parle.Tests.Service;

/// The longest tests begin first: begun last, they would run on alone.
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] folders = ["Laws", "Crash"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(tests => Array.FindIndex(
            folders, folder => tests.TestCollectionDisplayName.Contains($".{folder}.", StringComparison.Ordinal)))];
}
