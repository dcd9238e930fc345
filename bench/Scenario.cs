namespace Parle.Bench;

/// <summary>What every scenario has at hand.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Server">The running server.</param>
/// <param name="DataFolder">Its data folder.</param>
/// <param name="World">Who is there.</param>
/// <param name="Postgres">Its database server.</param>
/// <param name="PgBench">The bound, on the same database server.</param>
/// <param name="Report">Where results go.</param>
/// <param name="Cancellation">Gives up.</param>
internal sealed record Scenario(
    Options Options, ServerProcess Server, string DataFolder, World World, PrivatePostgres Postgres, PgBench PgBench, Report Report, CancellationToken Cancellation)
{
    private static long lastKey = Random.Shared.NextInt64(1L << 40, 1L << 50);

    private static readonly (string Name, Func<Scenario, Task> Measure)[] All =
    [
        (ColdStart.Name, ColdStart.Measure), (Submits.Name, Submits.Measure), (Replays.Name, Replays.Measure), (Reads.Name, Reads.Measure),
        (Wake.Name, Wake.Measure), (Streams.Name, Streams.Measure), (Idle.Name, Idle.Measure), (Rebuilds.Name, Rebuilds.Measure),
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

    /// <summary>Measures the clients against the server, then the script against PostgreSQL alone, and reports both.</summary>
    public async Task Compare(string name, IReadOnlyList<Func<ReadOnlyMemory<byte>>> clients, string leastWork)
    {
        await Postgres.RestIsDone(Cancellation); // None of an earlier measurement's writing is left for this one.
        var before = Cpu.Now(Server.ID, Postgres.ID);
        var parle = await LoadGenerator.Run(Server.Address, clients, Options.Time, Cancellation);
        var between = Cpu.Now(Server.ID, Postgres.ID);
        var behind = await Postgres.FactsNotIndexed(Cancellation);
        var bound = Options.Bound ? await PgBench.Run(leastWork, clients.Count, Options.Time, Cancellation) : null;
        Report.Add(name, parle, bound, between.Since(before), Cpu.Now(Server.ID, Postgres.ID).Since(between));
        if (behind > parle.Rate)
        {
            Report.Say($"  {behind} facts, more than a second of them, were still to be indexed when it ended.");
        }
    }
}
