namespace Parle.Bench;

/// <summary>Gives the server's compiler time to see what is hot. Without it, the first measurements are those of the compiler.</summary>
internal static class WarmUp
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    /// <summary>Writes and reads for a while, as what is to be measured will.</summary>
    public static async Task Run(Scenario scenario)
    {
        if (new[] { Submits.Name, Replays.Name, Wake.Name, Streams.Name }.Any(scenario.Options.Wants))
        {
            await LoadGenerator.Run(scenario.Server.Address, Submits.Clients(scenario.World.Own), Time, scenario.Cancellation);
        }

        if (scenario.Options.Wants(Reads.Name))
        {
            var head = await Reads.Fill(scenario);
            await LoadGenerator.Run(scenario.Server.Address, Reads.Clients(scenario.World.Readers, () => head - 1), Time, scenario.Cancellation);
        }
    }
}
