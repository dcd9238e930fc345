using Marten;
using Npgsql;
using Parle.Api.Wakeups;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>
/// The room writers of a node. A room belongs to one of them by its id. All commands waiting for a writer, for any of its rooms, are
/// decided in order and committed together. A lone command is committed at once; a crowd forms its own batches.
/// </summary>
public sealed class RoomWriters : IHostedService, IDisposable
{
    /// <summary>Room writers of a node.</summary>
    public const int DefaultCount = 2;

    /// <summary>Commands that may wait for one writer before callers are asked to come back.</summary>
    public const int DefaultCapacity = 1024;

    private readonly RoomWriter[] writers;

    /// <summary>Builds the writers; they run between <see cref="StartAsync"/> and <see cref="StopAsync"/>.</summary>
    public RoomWriters(IDocumentStore store, NpgsqlDataSource database, Notifier notifier, FollowUps followUps, StorageLimits storage,
        WriteHealth health, TimeProvider clock, IConfiguration configuration, ILogger<RoomWriter> log)
    {
        var capacity = configuration.GetValue("Parle:LaneCapacity", DefaultCapacity);
        writers = [.. Enumerable.Range(0, configuration.GetValue("Parle:Lanes", DefaultCount))
            .Select(
                _ => new RoomWriter(store, database, new(store, database), notifier, followUps, storage, health, clock, capacity, log))];
    }

    /// <summary>
    /// Has <paramref name="command"/> decided and committed; completes when it is durable. An accepted command is carried out even if its
    /// caller hangs up: a retry finds the answer.
    /// </summary>
    public Task<RoomOutcome> Decide(RoomCommand command)
    {
        var writer = writers[(uint)command.RoomID.GetHashCode() % (uint)writers.Length];
        return writer.TryEnqueue(command)
            ?? Task.FromResult<RoomOutcome>(new RoomOutcome.Refused(Refusals.ServiceUnavailable with { RetryAfterMs = 250 }));
    }

    /// <summary>Makes every writer drop its caches before its next decision.</summary>
    public void Forget() => Array.ForEach(writers, writer => writer.Forget());

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(writers, writer => writer.Start());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(writers.Select(writer => writer.Drain()));

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(writers, writer => writer.Dispose());
}
