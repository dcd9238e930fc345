using System.Diagnostics;
using System.Globalization;

namespace Parle.Bench;

/// <summary>Common parts of all scenarios.</summary>
/// <param name="Options">The options of the command line.</param>
/// <param name="Server">The running server.</param>
/// <param name="DataFolder">Its data folder.</param>
/// <param name="World">The agents and rooms.</param>
/// <param name="Postgres">Its database server.</param>
/// <param name="PgBench">The bound, on the same database server.</param>
/// <param name="Published">The service as it is deployed; published when it is first asked for.</param>
/// <param name="Report">Where results go.</param>
/// <param name="Cancellation">Gives up.</param>
internal sealed record Scenario(
    Options Options, ServerProcess Server, string DataFolder, World World, PrivatePostgres Postgres, PgBench PgBench,
    Lazy<Task<Published>> Published, Report Report, CancellationToken Cancellation)
{
    private const int Turns = 2;

    private static long lastKey = Random.Shared.NextInt64(1L << 40, 1L << 50);

    private static readonly (string Name, Func<Scenario, Task> Measure)[] All =
    [
        (ColdStart.Name, ColdStart.Measure), (Submits.Name, Submits.Measure), (Replays.Name, Replays.Measure), (Reads.Name, Reads.Measure),
        (Wake.Name, Wake.Measure), (Streams.Name, Streams.Measure), (Broadcasts.Name, Broadcasts.Measure), (Rooms.Name, Rooms.Measure),
        (Flat.Name, Flat.Measure), (Idle.Name, Idle.Measure), (Rebuilds.Name, Rebuilds.Measure),
    ];

    /// <summary>All scenarios, in the order they run.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(scenario => scenario.Name)];

    /// <summary>A key that no call had before.</summary>
    public static long NextKey() => Interlocked.Increment(ref lastKey);

    /// <summary>Runs what was asked for.</summary>
    public async Task Run()
    {
        await WarmUp.Run(this);
        foreach (var (_, measure) in All.Where(scenario => Options.Wants(scenario.Name)))
        {
            await measure(this);
        }
    }

    /// <summary>Makes further rooms, and has their agents enter them: room by room, who is there.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Seat>>> Provision(string description, bool oneSession)
    {
        var started = Stopwatch.GetTimestamp();
        var provisioned = await ServerProcess.Provision(Options.Api, DataFolder, description, Cancellation);
        var made = Stopwatch.GetTimestamp();
        var rooms = await World.EnterRooms(provisioned, Server, oneSession, Cancellation);
        Report.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{rooms.Count} rooms with {rooms.Sum(room => room.Count)} seats: "
            + $"made in {Stopwatch.GetElapsedTime(started, made).TotalSeconds:0.0} s, "
            + $"entered in {Stopwatch.GetElapsedTime(made).TotalSeconds:0.0} s"));
        return rooms;
    }

    /// <summary>Measures the clients against the server, then the script against PostgreSQL alone, and reports and answers both.</summary>
    public async Task<(Measurement Parle, Measurement? Bound)> Compare(
        string name, IReadOnlyList<Func<ReadOnlyMemory<byte>>> clients, string leastWork, Target? target = null)
    {
        await Postgres.RestIsDone(Cancellation); // None of an earlier measurement's writing is left for this one.
        var before = Cpu.Now(Server.ID, Postgres.ID);
        var parle = await LoadGenerator.Run(Server.Address, clients, Options.Time, Cancellation);
        var between = Cpu.Now(Server.ID, Postgres.ID);
        var bound = Options.Bound ? await PgBench.Run(leastWork, clients.Count, Options.Time, Cancellation) : null;
        Report.Add(name, parle, bound, between.Since(before), Cpu.Now(Server.ID, Postgres.ID).Since(between), target);
        return (parle, bound);
    }

    /// <summary>
    /// Measures the clients against the server, and beside it others, in turn: what else changes meanwhile changes for both.
    /// </summary>
    /// <param name="name">Its name in the report.</param>
    /// <param name="clients">The measurement, run each time.</param>
    /// <param name="beside">The bound beside it, run each time.</param>
    /// <param name="target">The wanted ratio of their rates.</param>
    public async Task Alternate(
        string name, Func<int, IReadOnlyList<Func<ReadOnlyMemory<byte>>>> clients,
        Func<int, IReadOnlyList<Func<ReadOnlyMemory<byte>>>> beside, Target target)
    {
        var (ones, others, used) = (new List<Measurement>(), new List<Measurement>(), new List<CpuShare>()); // Used by the two in turn.
        for (var turn = 0; turn < Turns; turn++)
        {
            others.Add(await Once(beside(turn)));
            ones.Add(await Once(clients(turn)));
        }

        Report.Add(name, Measurement.Mean(ones), Measurement.Mean(others), used[^1], target: target);
        Report.Add("  what it is beside", Measurement.Mean(others), null, used[^2]);

        async Task<Measurement> Once(IReadOnlyList<Func<ReadOnlyMemory<byte>>> once)
        {
            await Postgres.RestIsDone(Cancellation);
            var before = Cpu.Now(Server.ID, Postgres.ID);
            var measured = await LoadGenerator.Run(Server.Address, once, Options.Time, Cancellation);
            used.Add(Cpu.Now(Server.ID, Postgres.ID).Since(before));
            return measured;
        }
    }
}
