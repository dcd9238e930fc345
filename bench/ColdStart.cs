using System.Diagnostics;

namespace Parle.Bench;

/// <summary>
/// From the start of the process until it says that it is ready, with the database running and its schema current. Beside it: the same
/// of a service that only listens.
/// </summary>
internal static class ColdStart
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "start";

    private const int Times = 5;

    /// <summary>Measures it: further nodes beside the idle first one, each followed by an empty service.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var published = await scenario.Published.Value;
        var (parle, empty) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = -1; i < Times; i++)
        {
            var (ofParle, ofEmpty) = (await Start(published.Api), await Start(published.Empty));
            if (i >= 0) // The first ones read their files from the disk.
            {
                parle.Add(ofParle);
                empty.Add(ofEmpty);
            }
        }

        scenario.Report.Add(
            $"cold start until ready, {Times} times", Measurement.Of(parle), Measurement.Of(empty), target: Target.NoMoreThan(2));

        async Task<TimeSpan> Start(string program)
        {
            var started = Stopwatch.GetTimestamp();
            await using var node = await ServerProcess.Start(program, scenario.DataFolder, scenario.Cancellation);
            return Stopwatch.GetElapsedTime(started);
        }
    }
}
