namespace Parle.Bench;

/// <summary>Pages of a room of 1,000 messages. The server cuts pages by itself at 200 rows, so 50 rows are the last 50.</summary>
internal static class Reads
{
    /// <summary>How it is called on the command line.</summary>
    public const string Name = "reads";

    private const int Rows = 1000;
    private const int PageSize = 200;
    private const int TailSize = 50;

    /// <summary>Measures them.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var seats = scenario.World.Readers;
        var head = await Fill(scenario);
        var random = new Random(1);
        await scenario.Compare("reads of the last 50 rows, 64 clients", Clients(seats, () => head - TailSize), LeastWork.Page($"{Rows - TailSize}", TailSize));
        await scenario.Compare(
            "reads of 200 rows anywhere, 64 clients", Clients(seats, () => random.NextInt64(head - PageSize + 1)), LeastWork.Page($"random(0, {Rows - PageSize})", PageSize));
        await scenario.Compare("reads of nothing new, 64 clients", Clients(seats, () => head), LeastWork.Page($"{Rows}", TailSize));
    }

    /// <summary>The number of the last row in the seat's view.</summary>
    public static async Task<long> Head(HttpConnection connection, Seat seat, CancellationToken cancellation)
    {
        var read = Request.Read(seat);
        for (long since = 0; ;)
        {
            await connection.Call(read.With(since), cancellation);
            var watermark = Watermark(connection.Last());
            if (watermark == since)
            {
                return since;
            }

            since = watermark;
        }
    }

    /// <summary>Sees to it that there are 1,000 rows, and answers the number of the last one.</summary>
    public static async Task<long> Fill(Scenario scenario)
    {
        var seat = scenario.World.Readers[0];
        using var connection = await HttpConnection.Open(scenario.Server.Address, scenario.Cancellation);
        var submit = Request.Submit(seat);
        for (var head = await Head(connection, seat, scenario.Cancellation); head < Rows; head++)
        {
            await connection.Call(submit.With(Scenario.NextKey()), scenario.Cancellation);
        }

        return await Head(connection, seat, scenario.Cancellation);
    }

    /// <summary>Clients that read from a cursor.</summary>
    public static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Clients(IEnumerable<Seat> seats, Func<long> cursor) =>
        [.. seats.Select(seat => Request.Read(seat)).Select(request => (Func<ReadOnlyMemory<byte>>)(() => request.With(cursor())))];

    private static long Watermark(string answer) =>
        answer.Split("\"watermark\":") is [_, var rest] ? long.Parse(rest.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture) : throw new InvalidOperationException($"Not a page: {answer}");
}
