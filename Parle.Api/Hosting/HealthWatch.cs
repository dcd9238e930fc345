using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Parle.Api.Database;
using Parle.Api.Record;
using Parle.Api.Writing;
using Parle.Projections;
using Parle.Projections.Record;

namespace Parle.Api.Hosting;

/// <summary>
/// Looks now and then whether the service can serve: whether the database is there, takes writes, and still refuses what it must refuse.
/// Logs one line when something goes, and one when it is back. Whoever asks for the health is told of the last look, so that asking costs
/// the database nothing.
/// </summary>
public sealed class HealthWatch(
    ParleSchema schema, Readiness readiness, ParleDatabase database, WriteHealth writes, SigningKeys signing, StartPhase phase,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<HealthWatch> log)
    : BackgroundService, IHealthCheck
{
    /// <summary>The member of a check's data that has the kind of trouble, in a word for programs.</summary>
    public const string Reason = "reason";

    /// <summary>How often it looks when nobody asks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1); // A look this old is told again.
    // The schema, and whether writes are taken, cost more to look at.
    private static readonly TimeSpan PartsFresh = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1);
    private readonly Guid node = Guid.NewGuid();
    private Condition last = Condition.Ready;
    private DateTimeOffset looked;
    private DateTimeOffset since;
    private (Condition Found, DateTimeOffset At) parts = (Condition.Ready, default);

    /// <summary>Whether any request can be served, as far as is known.</summary>
    public bool Serves => readiness.Complete && Volatile.Read(ref last).Serves;

    /// <summary>How it stands now, or did a moment ago.</summary>
    public async Task<Condition> Now(CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Condition.Stopping;
        }

        await turn.WaitAsync(cancellation);
        try
        {
            if (!IsFresh(looked, Fresh))
            {
                var found = await Look();
                Tell(found);
                phase.IsCutOff = found.IsOfTheDatabase;
                Volatile.Write(ref last, found);
                looked = clock.GetUtcNow();
            }

            return last;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await Now(cancellationToken) is { Reason: { } reason, Why: var why }
            ? HealthCheckResult.Unhealthy(why, data: new Dictionary<string, object> { [Reason] = reason }) : HealthCheckResult.Healthy();

    /// <inheritdoc/>
    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Now(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    private async Task<Condition> Look()
    {
        using var bound = new CancellationTokenSource(Patience);
        try
        {
            await using var connection = await database.Service.OpenConnectionAsync(bound.Token);
            var role = await RecordGuards.RoleOf(connection, bound.Token);
            if (parts.Found.Reason is not null || !IsFresh(parts.At, PartsFresh))
            {
                var found = Condition.Of(await schema.Find(bound.Token));
                if (found.Reason is null && readiness.Complete && role is RecordGuards.ServiceRole)
                {
                    found = await Write(connection, bound.Token);
                    found = found.Reason is null && await signing.Obstacle(bound.Token) is { } unsigned
                        ? Condition.SigningFails(unsigned) : found;
                }

                parts = (found, clock.GetUtcNow());
            }

            return parts.Found.Reason is not null ? parts.Found
                : !readiness.Complete || role is not RecordGuards.ServiceRole ? Condition.StartedEarly
                : writes.Failing is { } failing ? Condition.Of(failing, writing: true)
                : Condition.Ready;
        }
        catch (Exception outage) when (outage is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return Condition.Of(outage, writing: false);
        }
    }

    private async Task<Condition> Write(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await WriteProbe.Write(connection, node, cancellation);
            return Condition.Ready;
        }
        catch (PostgresException refused)
        {
            return Condition.Of(refused, writing: true);
        }
    }

    private bool IsFresh(DateTimeOffset at, TimeSpan fresh) => clock.GetUtcNow() - at is var age && age >= TimeSpan.Zero && age < fresh;

    private void Tell(Condition found)
    {
        if (found.Reason == last.Reason)
        {
            return;
        }

        if (found.Reason is null)
        {
            log.LogWarning(
                "The service is ready again, after {Seconds:0} s of {Reason}", (clock.GetUtcNow() - since).TotalSeconds, last.Reason);
            return;
        }

        since = last.Reason is null ? clock.GetUtcNow() : since;
        log.LogError(
            "The service is not ready: {Reason}. {Why}{Detail}", found.Reason, found.Why, found.Detail is null ? "" : $" ({found.Detail})");
    }
}
