using System.Diagnostics;

namespace Parle.Bench;

/// <summary>
/// From just before a message is sent until those whom it concerns have the row, told by an open stream: of the node that took
/// the message, and of another one. Each message finds a server at rest, or follows as soon as the row of the one before has come.
/// Beside it: one bare round trip over loopback; and one commit of PostgreSQL alone, as seldom or right after the other.
/// </summary>
internal static class Streams
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "streams";

    private const int Crowd = 100;
    private const string Seq = "\"seq\":";

    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(30); // Such a message finds an idle server.
    private static readonly TimeSpan MoreFromAnotherNode = TimeSpan.FromMilliseconds(10);

    /// <summary>Measures it.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var roundTrip = await LoopbackEcho.Measure(2000, scenario.Cancellation);
        var readers = await World.MoreSessions(scenario.World.Waiters, Crowd, scenario.Server, scenario.Cancellation);
        var (seldom, serial) = (await SerialCommit.AsSeldom(scenario), await SerialCommit.WithoutPause(scenario));
        var here = await Measure(scenario, scenario.Server, "same node", readers, roundTrip, (seldom, serial), Target.NoMoreThan(3));
        await using var other = await ServerProcess.Start(scenario.Options.Api, scenario.DataFolder, scenario.Cancellation);
        await WarmUp.Run(scenario with { Server = other });
        var there = await Measure(scenario, other, "other node", readers, roundTrip, (seldom, serial), Target.None);
        scenario.Report.AimMore(
            "row by stream without pause, other node, p50 beside that on the same node", there.P50, here.P50, MoreFromAnotherNode);
    }

    private static async Task<Measurement> Measure(
        Scenario scenario, ServerProcess node, string where, IReadOnlyList<Seat> readers, Measurement roundTrip,
        (SerialCommit? Seldom, SerialCommit? Serial) commits, Target target)
    {
        foreach (var waiting in new[] { 1, Crowd })
        {
            await Add(
                $"wake to drained row, {waiting} waiting, {where}", () => Work(scenario, node, [.. readers.Take(waiting)], rounds: 200));
        }

        await Rows("row by stream", 1, rounds: 200, Settling, commits.Seldom, Target.None);
        await Rows("row by stream", Crowd, rounds: 40, Settling, commit: null, Target.None);
        await Rows("row by stream without pause", Crowd, rounds: 200, TimeSpan.Zero, commit: null, Target.None);
        return await Rows("row by stream without pause", 1, rounds: 2000, TimeSpan.Zero, commits.Serial, target);

        async Task<Measurement> Rows(string what, int waiting, int rounds, TimeSpan settling, SerialCommit? commit, Target target)
        {
            var name = $"{what}, {waiting} waiting, {where}";
            var measured = await Add(name, () => Streams.Rows(scenario, node, [.. readers.Take(waiting)], rounds, settling));
            commit?.Compare(scenario.Report, name, measured, target);
            return measured;
        }

        async Task<Measurement> Add(string name, Func<Task<Measurement>> measure)
        {
            var before = Cpu.Now(node.ID, scenario.Postgres.ID);
            var measured = await measure();
            scenario.Report.Add(name, measured, roundTrip, Cpu.Now(node.ID, scenario.Postgres.ID).Since(before));
            return measured;
        }
    }

    // Direct messages, to one reader after the other: its wake event, then its drain.
    private static async Task<Measurement> Work(Scenario scenario, ServerProcess node, IReadOnlyList<Seat> readers, int rounds)
    {
        var clients = new List<(EventConnection Stream, HttpConnection Calls, Request Submit, Request Drain, Seat Seat)>();
        var (latencies, errors) = (new List<TimeSpan>(), new Errors());
        using var writing = await HttpConnection.Open(scenario.Server.Address, scenario.Cancellation);
        try
        {
            foreach (var seat in readers)
            {
                var stream = await EventConnection.Open(node.Address, Request.Wake(seat).Bytes, scenario.Cancellation);
                clients.Add((stream, await HttpConnection.Open(node.Address, scenario.Cancellation),
                    Request.SubmitTo(scenario.World.Waiters[0], seat.Address), Request.Drain(seat), seat));
                await stream.Next(scenario.Cancellation); // The config.
            }

            for (var round = -rounds / 2; round < rounds; round++)
            {
                var (stream, calls, submit, drain, seat) = clients[(round + rounds) % clients.Count];
                await Task.Delay(Settling, scenario.Cancellation);
                var sent = Stopwatch.GetTimestamp();
                var drained = Drained(stream, calls, drain);
                errors.Note(await writing.Call(submit.With(Scenario.NextKey()), scenario.Cancellation), writing);
                var at = await drained;
                if (round >= 0) // Earlier rounds were the warm-up.
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent, at));
                }

                errors.Note(await calls.Call(Request.Acknowledge(seat, LastSeq(calls.Last())).Bytes, scenario.Cancellation), calls);
            }
        }
        finally
        {
            clients.ForEach(client =>
            {
                client.Stream.Dispose();
                client.Calls.Dispose();
            });
        }

        return Measurement.Of(latencies, null, errors.Count, errors.First);

        async Task<long> Drained(EventConnection stream, HttpConnection calls, Request drain)
        {
            await stream.Next(scenario.Cancellation);
            errors.Note(await calls.Call(drain.Bytes, scenario.Cancellation), calls);
            return Stopwatch.GetTimestamp();
        }
    }

    // Messages to all: one event for each reader, with the row in it.
    private static async Task<Measurement> Rows(
        Scenario scenario, ServerProcess node, IReadOnlyList<Seat> readers, int rounds, TimeSpan settling)
    {
        var streams = new List<EventConnection>();
        var (latencies, errors) = (new List<TimeSpan>(), new Errors());
        using var writing = await HttpConnection.Open(scenario.Server.Address, scenario.Cancellation);
        var submit = Request.Submit(scenario.World.Waiters[0]);
        try
        {
            foreach (var seat in readers)
            {
                var since = await Reads.Head(writing, seat, scenario.Cancellation);
                streams.Add(await EventConnection.Open(node.Address, Request.Stream(seat).With(since).ToArray(), scenario.Cancellation));
            }

            for (var round = -rounds / 2; round < rounds; round++)
            {
                var arrivals = streams.Select(Arrival).ToList();
                await Task.Delay(settling, scenario.Cancellation);
                var sent = Stopwatch.GetTimestamp();
                errors.Note(await writing.Call(submit.With(Scenario.NextKey()), scenario.Cancellation), writing);
                foreach (var at in await Task.WhenAll(arrivals))
                {
                    if (round >= 0)
                    {
                        latencies.Add(Stopwatch.GetElapsedTime(sent, at));
                    }
                }
            }
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }

        return Measurement.Of(latencies, null, errors.Count, errors.First);

        async Task<long> Arrival(EventConnection stream)
        {
            await stream.Next(scenario.Cancellation);
            return Stopwatch.GetTimestamp();
        }
    }

    private static string LastSeq(string drained) =>
        drained.LastIndexOf(Seq, StringComparison.Ordinal) is > 0 and var at
            ? drained[(at + Seq.Length)..].Split(',')[0] : throw new InvalidOperationException($"A hint without work: {drained}");

    private sealed class Errors
    {
        public int Count { get; private set; }

        public string? First { get; private set; }

        public void Note(int status, HttpConnection connection)
        {
            if (status is < 200 or > 299)
            {
                Count++;
                First ??= connection.Last();
            }
        }
    }
}
