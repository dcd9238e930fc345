using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Parle.Bench;

/// <summary>A room of a million rows, in a database of its own. Beside it there: rooms of a thousand.</summary>
internal static class Flat
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "flat";

    /// <summary>Rows of the other rooms.</summary>
    public const int Small = Reads.Rows;

    private const int AtOnce = 25_000; // Messages of one transaction, so that it is a short one.

    // Of the small room these would be a good part, and none of the large one. The first rows, of seats, are left out for the same reason.
    private const int Remembered = 256;

    private static readonly Target AsFast = Target.AtLeast(0.85);

    /// <summary>Measures it, on a node that has seen none of the rooms.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var (options, cancellation) = (scenario.Options, scenario.Cancellation);
        var folder = Path.Combine(Path.GetDirectoryName(scenario.DataFolder)!, "flat");
        var postgres = new PrivatePostgres(folder);
        try
        {
            var provisioned = await ServerProcess.Provision(options.Api, folder, World.Description(), cancellation);
            await using var first = await ServerProcess.Start(options.Api, folder, cancellation);
            var world = await World.Enter(provisioned, first, cancellation);
            foreach (var room in new[] { world.Crowd, world.Waiters, world.Readers })
            {
                await Reads.Fill(first, room, Small, cancellation);
            }

            var head = await Grow(scenario.Report, options, folder, postgres, world.Readers[0].RoomID, cancellation);
            await using var server = await ServerProcess.Start(options.Api, folder, cancellation);
            await first.Stop();
            await Measure(scenario with { Server = server, DataFolder = folder, Postgres = postgres, World = world }, head);
        }
        finally
        {
            await postgres.Stop();
        }
    }

    private static async Task Measure(Scenario scenario, long head)
    {
        var (small, large) = (scenario.World.Crowd, scenario.World.Readers);
        var name = string.Create(CultureInfo.InvariantCulture, $"a room of {head} rows, beside {Small}");
        await WarmUp.Write(scenario);
        await WarmUp.Read(scenario, small);
        await Reading($"{name}: last {Reads.TailSize}", rows => rows - Reads.TailSize);
        var random = new Random(1);
        await Reading($"{name}: {Reads.PageSize} anywhere", rows => random.NextInt64(World.Agents, rows - Reads.PageSize - Remembered));

        // Another small one each time: this one is a thousand no more.
        await scenario.Alternate(
            $"{name}: submits", _ => Submits.Clients(large), turn => Submits.Clients(turn == 0 ? small : scenario.World.Waiters), AsFast);

        Task Reading(string what, Func<long, long> cursor) =>
            scenario.Alternate(what, _ => Reads.Clients(large, () => cursor(head)), _ => Reads.Clients(small, () => cursor(Small)), AsFast);
    }

    // Answers the number of its last row.
    private static async Task<long> Grow(
        Report report, Options options, string folder, PrivatePostgres postgres, string roomID, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await postgres.Connect("parle", cancellation);
        await using var script = typeof(Flat).Assembly.GetManifestResourceStream("Parle.Bench.BigRoom.sql")!;
        using var reader = new StreamReader(script);
        await Execute(await reader.ReadToEndAsync(cancellation));
        await Execute($"select bench.script('{roomID}')");
        for (var missing = options.Rows - await Count("timeline_rows"); missing > 0; missing -= AtOnce)
        {
            await Execute($"select bench.say('{roomID}', {Math.Min(missing, AtOnce)})");
        }

        await Execute($"select bench.show('{roomID}')");
        // These messages came past the service.
        await ServerProcess.Run(options.Api, folder, cancellation, "projections", "rebuild", "record_index");
        await Execute("vacuum analyze parle.mt_events, parle.timeline_rows, parle.contents, parle.kept_answers, parle.record_index");
        await postgres.RestIsDone(cancellation);
        var (head, indexed) = (await Count("timeline_rows"), await Count("record_index"));
        report.Say(string.Create(CultureInfo.InvariantCulture,
            $"a room of {head} rows, "
            + $"{indexed} facts of it in the record's index, made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        return head;

        async Task Execute(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
        }

        async Task<long> Count(string view)
        {
            await using var command =
                new NpgsqlCommand($"select count(*) from parle.{view} where room_id = '{roomID}'", connection) { CommandTimeout = 0 };
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }
}
