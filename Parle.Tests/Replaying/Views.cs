using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.Database;
using Parle.Projections;
using Parle.Projections.Replaying;
using Parle.Tests.Service;

namespace Parle.Tests.Replaying;

/// The views of a running service beside its record, and ways to spoil them.
internal static class Views
{
    public static Task<IReadOnlyList<ComparisonResult>> Check(this ParleService service, params string[] views) =>
        service.Rebuilding().Check(Named(views), TestContext.Current.CancellationToken);

    public static Task<IReadOnlyList<ComparisonResult>> Rebuild(this ParleService service, params string[] views) =>
        service.Rebuilding().Replace(Named(views), TestContext.Current.CancellationToken);

    public static Rebuild Rebuilding(this ParleService service, Action<ReplayProgress>? told = null) =>
        new(service.Host.Services.GetRequiredService<IDocumentStore>(), service.Host.Services.GetRequiredService<ParleDatabase>().Owner,
            new Told(told));

    public static IReadOnlyList<View> Named(params string[] names) =>
        [.. ParleStore.Views().Where(view => names is [] || names.Contains(view.Name))];

    public static async Task Execute(this ParleService service, string sql)
    {
        await using var connection = new NpgsqlConnection(service.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Told(Action<ReplayProgress>? told) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => told?.Invoke(value);
    }
}
