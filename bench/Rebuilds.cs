using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace Parle.Bench;

/// <summary>
/// All views computed again from the record, in a database of its own that holds one room of the service's many times over.
/// </summary>
internal static partial class Rebuilds
{
    /// <summary>Its name on the command line.</summary>
    public const string Name = "rebuild";

    private const int Messages = 800;
    private const int DirectEvery = 8;
    private const int AskEvery = 40;

    /// <summary>Measures it.</summary>
    public static async Task Measure(Scenario scenario)
    {
        var (options, cancellation) = (scenario.Options, scenario.Cancellation);
        var api = (await scenario.Published.Value).Api; // The command that an operator runs.
        var folder = Path.Combine(Path.GetDirectoryName(scenario.DataFolder)!, "rebuilt");
        var postgres = new PrivatePostgres(folder);
        try
        {
            var provisioned = await ServerProcess.Provision(options.Api, folder, World.Description(), cancellation);
            await using var server = await ServerProcess.Start(options.Api, folder, cancellation);
            await Converse((await World.Enter(provisioned, server, cancellation)).Crowd, server, cancellation);
            await postgres.Execute("parle", await Multiplied(options.Facts), cancellation);
            await postgres.Execute("parle", "vacuum analyze parle.mt_events", cancellation);

            await using var connection = await postgres.Connect("parle", cancellation);
            var filled = await ServerProcess.Run(api, folder, cancellation, "projections", "rebuild", "--all");
            await postgres.RestIsDone(cancellation); // The service beside it keeps its list of rooms, which is no part of what is measured.
            var copied = await Copied(connection, cancellation);
            var inserted = await Inserted(connection, cancellation);
            var rebuilt = await ServerProcess.Run(api, folder, cancellation, "projections", "check");
            var again = await Copied(connection, cancellation);
            scenario.Report.Say($"rebuild, rows missing:  {filled.TrimEnd().Split('\n')[^1]}");
            scenario.Report.Say($"rebuild, nothing wrong: {rebuilt.TrimEnd().Split('\n')[^1]}");
            var rate = double.Parse(Rate().Match(rebuilt).Groups[1].Value, CultureInfo.InvariantCulture);
            scenario.Report.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"rebuild of all views: {rate:0} facts/s; "
                + $"COPY of the same facts out of PostgreSQL {copied:0} and {again:0} rows/s, ratio {2 * rate / (copied + again):0.000}; "
                + $"INSERT … SELECT of the timeline alone {inserted:0} facts/s, ratio {rate / inserted:0.00}"));
        }
        finally
        {
            await postgres.Stop();
        }
    }

    [GeneratedRegex(@"\((\d+) facts/s\)")]
    private static partial Regex Rate();

    private static async Task<string> Multiplied(long facts)
    {
        await using var script = typeof(Rebuilds).Assembly.GetManifestResourceStream("Parle.Bench.ManyRooms.sql")!;
        using var reader = new StreamReader(script);
        return (await reader.ReadToEndAsync()).Replace(":facts", facts.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    // Facts as the service itself writes them: messages to all and to one, and asks that are answered and accepted.
    private static async Task Converse(IReadOnlyList<Seat> seats, ServerProcess server, CancellationToken cancellation)
    {
        using var client = new HttpClient
        { BaseAddress = new($"http://{server.Address}"), DefaultRequestHeaders = { { "Parle-Version", Request.Version } } };
        for (var i = 0; i < Messages; i++)
        {
            var (by, to) = (seats[i % seats.Count], seats[(i + 1) % seats.Count]);
            var addressing = new { audience = "direct", to = to.Address };
            await Post(by, "messages", i % DirectEvery == 0
                ? new { type = "message_submitted", payload = new { body = $"message {i}" }, addressing }
                : new { type = "message_submitted", payload = new { body = $"message {i}" } });
            if (i % AskEvery == 0)
            {
                var ask = (await Post(
                    by, "asks", new { kind = "help", title = "A question", request = new { question = "What is it?" }, addressing }))
                    .GetProperty("ask_id").GetString();
                await Post(to, $"asks/{ask}/claim", new { });
                await Post(to, $"asks/{ask}/answer", new { answer = new { text = "That is it." } });
                await Post(by, $"asks/{ask}/accept", new { });
            }
        }

        async Task<JsonElement> Post(Seat by, string what, object body)
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, $"/v/rooms/{by.RoomID}/{what}") { Content = JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", by.Token);
            request.Headers.Add("Parle-Agent-Session", by.Credential);
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            using var answer = await client.SendAsync(request, cancellation);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)
                : throw new InvalidOperationException($"{what}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    // Rows a second that PostgreSQL gives away, read by somebody who looks at nothing.
    private static async Task<double> Copied(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var count = new NpgsqlCommand("select count(*) from parle.mt_events", connection);
        var rows = (long)(await count.ExecuteScalarAsync(cancellation))!;
        var (buffer, started) = (new byte[1 << 16], Stopwatch.GetTimestamp());
        await using (var copy = await connection.BeginRawBinaryCopyAsync("copy parle.mt_events to stdout (format binary)", cancellation))
        {
            while (await copy.ReadAsync(buffer, cancellation) > 0)
            {
            }
        }

        return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // One view in one statement of PostgreSQL's own: into a table like the timeline, with its indexes.
    private static async Task<double> Inserted(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var make = new NpgsqlCommand("create temporary table rows (like parle.timeline_rows including all)", connection);
        await make.ExecuteNonQueryAsync(cancellation);
        await using var count = new NpgsqlCommand("select count(*) from parle.mt_events", connection);
        var facts = (long)(await count.ExecuteScalarAsync(cancellation))!;
        var started = Stopwatch.GetTimestamp();
        await using var insert = new NpgsqlCommand(
            """
            insert into rows (event_id, room_id, common, type, author_id, author_alias, subject_id, addressing, created_at, leaf)
            select id, stream_id, (headers->'placement'->>'common')::bigint, type, coalesce(data->>'author_id', data->>'participant_id')::uuid, data->>'author_alias',
                case when type in ('seat_admitted', 'seat_removed') then (data->>'seat_id')::uuid end, data->'addressing', timestamp,
                sha256('\x00'::bytea || convert_to(jsonb_build_object('actor', headers->'actor', 'at', timestamp, 'authority', headers->'authority', 'data', data, 'type', type)::text, 'UTF8'))
            from parle.mt_events where headers ? 'placement'
            """,
            connection)
        { CommandTimeout = 0 };
        await insert.ExecuteNonQueryAsync(cancellation);
        return facts / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
