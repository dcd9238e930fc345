using System.Text.Json;

namespace Parle.Bench;

/// <summary>Messages to all in a room of a thousand, who are all there. Beside it: the same in a room of two.</summary>
internal static class Broadcasts
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "broadcasts";

    private const int Many = 1000;
    private const int Few = 2;
    private const int MostClients = 16;

    /// <summary>Measures them. The same two speak in both rooms, each with several sessions; the rest listens.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var rooms = await scenario.Provision(Description(), oneSession: true);
        var hall = await World.MoreSessions([.. rooms[0].Take(Few)], MostClients, scenario.Server, scenario.Cancellation);
        var pair = await World.MoreSessions(rooms[1], MostClients, scenario.Server, scenario.Cancellation);
        foreach (var clients in new[] { 1, MostClients })
        {
            await scenario.Alternate(
                $"to all {Many}, beside to both of {Few}, {clients} clients", _ => Clients(hall.Take(clients)),
                _ => Clients(pair.Take(clients)), Target.AtLeast(1 / 1.2));
        }
    }

    private static string Description()
    {
        var listeners = Enumerable.Range(0, Many).Select(i => $"listener{i}").ToList();
        var addresses = listeners.Select(handle => $"@owner0.{handle}").ToList();
        return JsonSerializer.Serialize(new
        {
            agents = listeners.Select(handle => new { principal = "owner0", handle }),
            rooms = new[] { World.Room("hall", 0, addresses), World.Room("pair", 0, [.. addresses.Take(Few)]) },
        });
    }

    private static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Clients(IEnumerable<Seat> seats) =>
        [.. seats.Select(Request.Broadcast).Select(request => (Func<ReadOnlyMemory<byte>>)(() => request.With(Scenario.NextKey())))];
}
