using Marten;
using Npgsql;
using Parle.Api.Asks;
using Parle.Api.Signals;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>
/// Where rooms are written. A node has a few lanes; a room belongs to one by its id; whatever waits in a lane, for any room,
/// is decided in order and committed together. A lone command is written at once, a crowd makes its own batches.
/// </summary>
public sealed class RoomLanes : IHostedService, IDisposable
{
    /// <summary>Lanes of a node.</summary>
    public const int DefaultCount = 2;

    /// <summary>Commands that may wait in one lane before callers are asked to come back.</summary>
    public const int DefaultCapacity = 1024;

    private readonly RoomLane[] lanes;

    /// <summary>Builds the lanes; they run between <see cref="StartAsync"/> and <see cref="StopAsync"/>.</summary>
    public RoomLanes(IDocumentStore store, NpgsqlDataSource database, Switchboard switchboard, DeadlineOutbox deadlines, StorageLimits storage, WriteHealth health, TimeProvider clock, IConfiguration configuration, ILogger<RoomLane> log)
    {
        var capacity = configuration.GetValue("Parle:LaneCapacity", DefaultCapacity);
        lanes = [.. Enumerable.Range(0, configuration.GetValue("Parle:Lanes", DefaultCount))
            .Select(_ => new RoomLane(store, database, new(store, database), switchboard, deadlines, storage, health, clock, capacity, log))];
    }

    /// <summary>
    /// Has <paramref name="command"/> decided and committed. Answered when it is durable. An accepted command is carried out
    /// even when its caller hangs up: a retry will find the answer.
    /// </summary>
    public Task<RoomOutcome> Decide(RoomCommand command)
    {
        var lane = lanes[(uint)command.RoomID.GetHashCode() % (uint)lanes.Length];
        return lane.TryEnqueue(command) ?? Task.FromResult<RoomOutcome>(new RoomOutcome.Refused(Refusals.ServiceUnavailable with { RetryAfterMs = 250 }));
    }

    /// <summary>Has every lane forget what it remembers, before it decides anything more.</summary>
    public void Forget() => Array.ForEach(lanes, lane => lane.Forget());

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(lanes, lane => lane.Start());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(lanes.Select(lane => lane.Drain()));

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(lanes, lane => lane.Dispose());
}
