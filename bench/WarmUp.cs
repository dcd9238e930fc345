namespace Parle.Bench;

/// <summary>Gives a server's compiler time to see what is hot. Without it, the first measurements are those of the compiler.</summary>
internal static class WarmUp
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    /// <summary>Writes and reads for a while, as what is to be measured will.</summary>
    public static async Task Run(Scenario scenario)
    {
        if (new[] { Submits.Name, Replays.Name, Wake.Name, Streams.Name, Broadcasts.Name, Rooms.Name }.Any(scenario.Options.Wants))
        {
            await Write(scenario);
        }

        if (new[] { Reads.Name, Rooms.Name }.Any(scenario.Options.Wants))
        {
            await Read(scenario, scenario.World.Readers);
        }
    }

    /// <summary>Writes for a while, into many rooms.</summary>
    public static Task Write(Scenario scenario) =>
        LoadGenerator.Run(scenario.Server.Address, Submits.Clients(scenario.World.Own), Time, scenario.Cancellation);

    /// <summary>Reads for a while, what is new to these.</summary>
    public static async Task Read(Scenario scenario, IReadOnlyList<Seat> seats)
    {
        var head = await Reads.Fill(scenario.Server, seats, Reads.Rows, scenario.Cancellation);
        await LoadGenerator.Run(scenario.Server.Address, Reads.Clients(seats, () => head - 1), Time, scenario.Cancellation);
    }
}
