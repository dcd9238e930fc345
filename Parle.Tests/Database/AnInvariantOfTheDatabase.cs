using System.Net;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Asks;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Database;

/// pgTAP tests, on a database that the service has filled.
public sealed class AnInvariantOfTheDatabase(TestCluster cluster, AnInvariantOfTheDatabase.FilledDatabase filled)
    : IClassFixture<AnInvariantOfTheDatabase.FilledDatabase>
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Database"), "*.sql")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task holds(string file)
    {
        await using var connection = new NpgsqlConnection(await filled.ConnectionString(cluster));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken); // Rolled back.
        var script = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Database", $"{file}.sql"), TestContext.Current.CancellationToken);
        var lines = await Lines(connection, $"set local search_path = tap, public; {script}");

        var failed = lines.Skip(1).Where(line => !line.StartsWith("ok ", StringComparison.Ordinal)).ToList(); // The first one is the plan.
        Assert.True(failed.Count == 0, string.Join('\n', failed));
        Assert.Equal($"1..{lines.Count - 1}", lines[0]);
    }

    private static async Task<IReadOnlyList<string>> Lines(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        do
        {
            while (await rows.ReadAsync(TestContext.Current.CancellationToken))
            {
                lines.Add(rows.GetString(0));
            }
        }
        while (await rows.NextResultAsync(TestContext.Current.CancellationToken));
        return lines;
    }

    public sealed class FilledDatabase
    {
        private readonly SemaphoreSlim filling = new(1);
        private string? connectionString;

        public async Task<string> ConnectionString(TestCluster cluster)
        {
            await filling.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                return connectionString ??= await Fill(cluster);
            }
            finally
            {
                filling.Release();
            }
        }

        private static async Task<string> Fill(TestCluster cluster)
        {
            await using var service = await ParleService.Start(await cluster.NewDatabase());
            if (!await service.Scalar<bool>("select exists (select from pg_available_extensions where name = 'pgtap')"))
            {
                Assert.Skip("pgTAP is missing. On Debian and Ubuntu: apt-get install "
                    + $"postgresql-{await service.Scalar<int>("select current_setting('server_version_num')::int / 10000")}-pgtap");
            }

            for (var i = 0; i < 2; i++)
            {
                var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
                var (ana, ben) = (room.Agents[0], room.Agents[1]);
                await (await ana.Say("hello")).Json(HttpStatusCode.Created);
                await (await ana.Say("for you alone", to: ben.Address)).Json(HttpStatusCode.Created);
                await ana.Opens(Asking.Help().With("context", Asking.Packet("a log")));
                await ben.Read();
            }

            await service.Rows("create schema tap; grant usage on schema tap to public; create extension pgtap with schema tap", _ => 0);
            return service.ConnectionString;
        }
    }
}
