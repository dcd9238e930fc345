namespace Parle.Bench;

/// <summary>Pages of a room of 1,000 messages. The server cuts pages by itself at 200 rows, so 50 rows are the last 50.</summary>
internal static class Reads
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "reads";

    /// <summary>The number of rows read from.</summary>
    public const int Rows = 1000;

    /// <summary>Most rows of a page.</summary>
    public const int PageSize = 200;

    /// <summary>The rows of a reader that was away for a moment.</summary>
    public const int TailSize = 50;

    /// <summary>Measures them.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var seats = scenario.World.Readers;
        var head = await Fill(scenario.Server, seats, Rows, scenario.Cancellation);
        var random = new Random(1);
        await scenario.Compare("reads of the last 50 rows, 64 clients", Clients(seats, () => head - TailSize),
            LeastWork.Page($"{Rows - TailSize}", TailSize), Target.AtLeast(2));
        await scenario.Compare(
            "reads of 200 rows anywhere, 64 clients", Clients(seats, () => random.NextInt64(head - PageSize + 1)),
            LeastWork.Page($"random(0, {Rows - PageSize})", PageSize), Target.AtLeast(0.8));
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

    /// <summary>
    /// Sees to it that there are so many rows in a room, said by those who are there in turn, and answers the number of the last one.
    /// </summary>
    public static async Task<long> Fill(ServerProcess server, IReadOnlyList<Seat> seats, int rows, CancellationToken cancellation)
    {
        using var connection = await HttpConnection.Open(server.Address, cancellation);
        var submits = seats.Select(Request.Submit).ToList();
        for (var head = await Head(connection, seats[0], cancellation); head < rows; head++)
        {
            await connection.Call(submits[(int)head % submits.Count].With(Scenario.NextKey()), cancellation);
        }

        return await Head(connection, seats[0], cancellation);
    }

    /// <summary>Clients that read from a cursor.</summary>
    public static IReadOnlyList<Func<ReadOnlyMemory<byte>>> Clients(IEnumerable<Seat> seats, Func<long> cursor) =>
        [.. seats.Select(seat => Request.Read(seat)).Select(request => (Func<ReadOnlyMemory<byte>>)(() => request.With(cursor())))];

    private static long Watermark(string answer) =>
        answer.Split("\"watermark\":") is [_, var rest] ? long.Parse(rest.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Not a page: {answer}");
}
