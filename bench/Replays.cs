namespace Parle.Bench;

/// <summary>Messages that were accepted before, sent again under the same keys.</summary>
internal static class Replays
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "replays";

    private const int KeysOfEach = 15;

    /// <summary>Measures them.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var clients = new List<Func<ReadOnlyMemory<byte>>>();
        foreach (var seat in scenario.World.Crowd)
        {
            var (request, first) = (Request.Submit(seat), Scenario.NextKey());
            var calls = 0;
            clients.Add(() => request.With((first * KeysOfEach) + (calls++ % KeysOfEach))); // The first round is part of the warm-up.
        }

        await scenario.Compare("replays of accepted keys, 64 clients", clients, LeastWork.Replay());
    }
}
