using System.Diagnostics;

namespace Parle.Bench;

/// <summary>
/// From just before a message is sent until those who wait for it have its row: on the node that took it, and on another one. Each
/// message finds a server at rest. Beside it: one bare round trip over loopback; and one commit of PostgreSQL alone, as seldom.
/// </summary>
internal static class Wake
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "wake";

    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(30); // From sending a long poll until the server surely waits.

    /// <summary>Measures it.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var roundTrip = await LoopbackEcho.Measure(2000, scenario.Cancellation);
        var commit = await SerialCommit.AsSeldom(scenario);
        await Measure(scenario, scenario.Server, "same node", roundTrip, commit);
        await using var other = await ServerProcess.Start(scenario.Options.Api, scenario.DataFolder, scenario.Cancellation);
        await WarmUp.Write(scenario with { Server = other });
        await Measure(scenario, other, "other node", roundTrip, commit);
    }

    private static async Task Measure(Scenario scenario, ServerProcess node, string where, Measurement roundTrip, SerialCommit? commit)
    {
        foreach (var (readers, rounds) in new[] { (1, 200), (100, 40) })
        {
            var (latencies, errors, first) = await Rounds(scenario, node, readers, rounds);
            var (name, measured) = ($"wake by long poll, {readers} waiting, {where}", Measurement.Of(latencies, null, errors, first));
            scenario.Report.Add(name, measured, roundTrip);
            if (readers == 1)
            {
                commit?.Compare(scenario.Report, name, measured, Target.None);
            }
        }
    }

    private static async Task<(List<TimeSpan> Latencies, int Errors, string? FirstError)> Rounds(
        Scenario scenario, ServerProcess node, int readers, int rounds)
    {
        var seats = scenario.World.Waiters;
        using var writing = await HttpConnection.Open(scenario.Server.Address, scenario.Cancellation);
        var submit = Request.Submit(seats[0]);
        var since = await Reads.Head(writing, seats[0], scenario.Cancellation);
        var waiting = new List<(HttpConnection Connection, Request Read)>();
        var (latencies, errors, first) = (new List<TimeSpan>(), 0, (string?)null);
        try
        {
            for (var i = 0; i < readers; i++)
            {
                waiting.Add((await HttpConnection.Open(node.Address, scenario.Cancellation),
                    Request.Read(seats[1 + (i % (seats.Count - 1))], wait: 30)));
            }

            for (var round = -rounds / 4; round < rounds; round++)
            {
                var answers = waiting.Select(reader => Answered(reader.Connection, reader.Read.With(since))).ToList();
                await Task.Delay(Settling + TimeSpan.FromMilliseconds(readers), scenario.Cancellation);
                var sent = Stopwatch.GetTimestamp();
                await Answered(writing, submit.With(Scenario.NextKey()));
                foreach (var answered in await Task.WhenAll(answers))
                {
                    if (round >= 0) // Earlier rounds were the warm-up.
                    {
                        latencies.Add(Stopwatch.GetElapsedTime(sent, answered));
                    }
                }

                since++;
            }
        }
        finally
        {
            waiting.ForEach(reader => reader.Connection.Dispose());
        }

        return (latencies, errors, first);

        async Task<long> Answered(HttpConnection connection, ReadOnlyMemory<byte> request)
        {
            var status = await connection.Call(request, scenario.Cancellation);
            var answered = Stopwatch.GetTimestamp();
            if (status is < 200 or > 299)
            {
                errors++;
                first ??= connection.Last();
            }

            return answered;
        }
    }
}
