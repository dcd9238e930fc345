using System.Text.Json;

namespace Parle.Bench;

/// <summary>
/// Pages of rooms that are too many for the server to remember. And messages into thousands of rooms, beside into ten of them.
/// </summary>
internal static class Rooms
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "rooms";

    private const int Many = 10_000;
    private const int Few = 10;
    private const int Read = 4000;
    private const int RowsOfEach = 50;
    private const int RowsWhenMade = 2; // The seats of its owner and of its agent.
    private const int Clients = World.Agents;

    /// <summary>Measures them: 64 agents, each with one session, in every 64th room.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var seats = (await scenario.Provision(Description(), oneSession: true)).Select(room => room[0]).ToList();
        var read = seats.Take(Read).ToList();
        await Fill(scenario, read, RowsOfEach);
        await Fill(scenario, [.. seats.Skip(Read)], RowsWhenMade + 1); // The later authors have been in the room before.
        if (scenario.Options.Bound)
        {
            await scenario.PgBench.Execute($"select fill_rooms({Read}, {RowsOfEach})", scenario.Cancellation);
            await scenario.PgBench.Execute("vacuum analyze", scenario.Cancellation);
        }

        var random = new Random(1);
        await scenario.Compare(
            $"reads of {RowsOfEach} rows, any of {Read} rooms, {Clients} clients",
            Of(read, seat => Request.Read(seat), () => 0, requests => random.Next(requests)), LeastWork.PageOfAny(Read, RowsOfEach),
            Target.AtLeast(0.8));
        await scenario.Alternate($"submits into {Many} rooms, beside {Few}, {Clients} clients", _ => Submits(seats),
            _ => Submits([.. seats.Take(Few)]), Target.AtLeast(1 / 1.2));
    }

    private static string Description() => JsonSerializer.Serialize(new
    {
        agents = Enumerable.Range(0, Clients).Select(i => new { principal = $"owner{i}", handle = "traveller" }),
        rooms = Enumerable.Range(0, Many).Select(i => World.Room($"room{i}", i % Clients, [$"@owner{i % Clients}.traveller"])),
    });

    private static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Submits(IReadOnlyList<Seat> seats)
    {
        var calls = 0;
        return Of(seats, Request.Submit, Scenario.NextKey, requests => calls++ % requests);
    }

    // Each client has requests of its own, of every 64th seat, and of one seat where there are fewer.
    private static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Of(
        IReadOnlyList<Seat> seats, Func<Seat, Request> request, Func<long> place, Func<int, int> next) =>
        [.. Enumerable.Range(0, Clients).Select(client =>
        {
            var own = seats.Count < Clients ? [seats[client % seats.Count]] : seats.Where((_, i) => i % Clients == client);
            var requests = own.Select(request).ToList();
            return (Func<ReadOnlyMemory<byte>>)(() => requests[next(requests.Count)].With(place()));
        })];

    private static async Task Fill(Scenario scenario, IReadOnlyList<Seat> seats, int rows)
    {
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            using var connection = await HttpConnection.Open(scenario.Server.Address, scenario.Cancellation);
            foreach (var seat in seats.Where((_, i) => i % Clients == client))
            {
                var submit = Request.Submit(seat);
                for (var i = RowsWhenMade; i < rows; i++)
                {
                    await connection.Call(submit.With(Scenario.NextKey()), scenario.Cancellation);
                }

                // Later readers have seen it before: a first reading also writes the ledger.
                if (await Reads.Head(connection, seat, scenario.Cancellation) is var head && head != rows)
                {
                    throw new InvalidOperationException($"A room was to have {rows} rows and has {head}: {connection.Last()}");
                }
            }
        }));
    }
}
