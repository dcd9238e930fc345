using System.Diagnostics;

namespace Parle.Bench;

/// <summary>From the start of the process until it is ready, with the database running and its schema current.</summary>
internal static class ColdStart
{
    /// <summary>How it is called on the command line.</summary>
    public const string Name = "start";

    private const int Times = 7;

    /// <summary>Measures it: further nodes beside the idle first one, one after the other.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var node = await ServerProcess.Start(scenario.Options.Api, scenario.DataFolder, scenario.Cancellation);
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        scenario.Report.Add($"cold start until ready, {Times} times", Measurement.Of(times), null);
    }
}
