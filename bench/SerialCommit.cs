using System.Globalization;

namespace Parle.Bench;

/// <summary>
/// One commit of PostgreSQL alone, of one client, with the least work in it: what a row's way to its reader is measured beside.
/// </summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Bound">The time it takes.</param>
internal sealed record SerialCommit(string Name, Measurement Bound)
{
    private const int MessagesASecond = 25; // About as many as readers are sent who are left to rest before each.

    private static readonly TimeSpan MoreAtWorst = TimeSpan.FromMilliseconds(5);

    /// <summary>Measures one right after the other; null where no bound is wanted.</summary>
    public static Task<SerialCommit?> WithoutPause(Scenario scenario) => Measure(scenario, "one serial commit", seldom: null);

    /// <summary>Measures them as seldom as messages that find a server at rest; null where no bound is wanted.</summary>
    public static Task<SerialCommit?> AsSeldom(Scenario scenario) => Measure(scenario, "one commit as seldom", MessagesASecond);

    /// <summary>Reports what was measured beside it.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="name">The name of the measurement.</param>
    /// <param name="measured">The measured time.</param>
    /// <param name="target">The wanted ratio of the middle latencies; if there is one, the worst ones have a target too.</param>
    public void Compare(Report report, string name, Measurement measured, Target target)
    {
        report.Add($"  the same, beside {Name}", measured, Bound);
        var more = (measured.P50 - Bound.P50).TotalMilliseconds;
        report.Aim(string.Create(CultureInfo.InvariantCulture, $"{name}, beside {Name}: {more:0.00} ms more"), Report.Told(measured),
            Report.Told(Bound), measured.P50 / Bound.P50, target);
        report.AimMore($"{name}, p99 beside that of {Name}", measured.P99, Bound.P99, target.Ratio is null ? null : MoreAtWorst);
    }

    private static async Task<SerialCommit?> Measure(Scenario scenario, string name, int? seldom) => scenario.Options.Bound
        ? new(name,
            await scenario.PgBench.Run(LeastWork.Submit("0"), clients: 1, scenario.Options.Time, scenario.Cancellation, seldom) with
            { Rate = null })
        : null;
}
