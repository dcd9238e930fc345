using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Parle.Api;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Authority;

/// Everybody tries everything, with every kind of credential; then whatever was written down is searched.
public partial class EverySecret(TestCluster cluster)
{
    [Fact]
    public async Task is_in_no_table_no_log_and_no_refusal()
    {
        var log = new Memory();
        await using var service = await ParleService.Start(
            await cluster.NewDatabase(), services => services.AddSingleton<ILoggerProvider>(log), ("Logging:LogLevel:Default", "Debug"),
            ("Logging:LogLevel:Npgsql", "Information"), Memory.AndNoConsole);
        var site = await Site.Build(service);
        var handedOver = 0;
        foreach (var action in Actions.All.Where(action => action.Answers.All(answer => answer.EventStream is null))
            .OrderBy(action => action.Method == "DELETE"))
        {
            foreach (var visitor in site.Visitors)
            {
                var (method, path, body) = site.Call(action);
                using var answer = await visitor.Send(method, path, body);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                handedOver += answer.IsSuccessStatusCode && Secret().IsMatch(text) ? 1 : 0;
                Assert.True(
                    answer.IsSuccessStatusCode || !Secret().IsMatch($"{answer.Headers}{text}"), $"{action.Id} repeats a secret: {text}");
            }
        }

        Assert.True(handedOver > 10, $"Only {handedOver} secrets were handed over: nothing to look for.");
        await using var database = NpgsqlDataSource.Create(service.ConnectionString);
        foreach (var table in await Column(database,
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
        {
            var found = await Column(database, $"select t::text from {table} t where t::text ~ '{Secret()}'");
            Assert.True(found.Count == 0, $"{table} holds {found.Count} secrets.");
        }

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => Secret().IsMatch(line));
    }

    // The shape of our secrets; a made-up one has it too.
    [GeneratedRegex("parle_[a-z]+_[A-Za-z0-9_-]{20,}")]
    private static partial Regex Secret();

    private static async Task<IReadOnlyList<string>> Column(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var values = new List<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            values.Add(rows.GetString(0));
        }

        return values;
    }
}
