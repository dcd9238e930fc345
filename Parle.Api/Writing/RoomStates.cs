using System.Text.Json;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Rooms;
using Parle.Projections;

namespace Parle.Api.Writing;

/// <summary>A room as of a version of its stream.</summary>
/// <param name="Room">The state; null when the room does not exist.</param>
/// <param name="Version">The number of its facts.</param>
/// <param name="SnapshotAt">The version of the newest stored snapshot; 0 when there is none.</param>
public sealed record RoomState(Room? Room, long Version, long SnapshotAt)
{
    /// <summary>A room that does not exist.</summary>
    public static RoomState None { get; } = new(null, 0, 0);
}

/// <summary>
/// A cache of the rooms' states between a writer's batches. It is never trusted: an append states the version it was decided on, and a
/// refusal is only given on a freshly read state.
/// </summary>
public sealed class RoomStates(IDocumentStore store, NpgsqlDataSource database) : IDisposable
{
    /// <summary>The fewest facts that a stream gains between two snapshots of its room.</summary>
    public const int SnapshotEvery = 500;

    private const int FactsForAPart = 2; // Storing a snapshot costs as much as many facts, and saves no more than reading these.

    // About 256 MiB: a room counts as a few of these, and one more for each of its parts.
    private const int MaxParts = 512 * 1024;
    private const int PartsOfAnyRoom = 32;

    private readonly MemoryCache remembered = new(new MemoryCacheOptions { SizeLimit = MaxParts });

    /// <summary>The cached state; null for a miss.</summary>
    public RoomState? Recall(Guid roomID) => remembered.Get<RoomState>(roomID);

    /// <summary>
    /// Caches a committed or read state. Rooms that do not exist are not cached, so that requests for them push out no others.
    /// </summary>
    public void Remember(Guid roomID, RoomState state)
    {
        if (state.Room is { } room)
        {
            remembered.Set(roomID, state, new MemoryCacheEntryOptions { Size = PartsOfAnyRoom + PartsOf(room) });
        }
    }

    /// <summary>Drops a state that is in doubt.</summary>
    public void Forget(Guid roomID) => remembered.Remove(roomID);

    /// <summary>Drops all states.</summary>
    public void Clear() => remembered.Clear();

    /// <summary>Brings the cached states of <paramref name="roomIDs"/> up to date, reading only facts not yet seen.</summary>
    public async Task<Dictionary<Guid, RoomState>> Read(IReadOnlyCollection<Guid> roomIDs, CancellationToken cancellation)
    {
        var known = roomIDs.Distinct().ToDictionary(id => id, id => Recall(id));
        var bases = await Snapshots([.. known.Where(room => room.Value is null).Select(room => room.Key)], cancellation);
        foreach (var (id, state) in known)
        {
            bases[id] = state ?? bases.GetValueOrDefault(id, RoomState.None);
        }

        await using var session = store.QuerySession();
        var batch = session.CreateBatchQuery();
        var tails = bases.Select(
            room => (room.Key, room.Value, Facts: batch.Events.FetchStream(room.Key, fromVersion: room.Value.Version + 1))).ToList();
        await batch.Execute(cancellation);

        var states = new Dictionary<Guid, RoomState>();
        foreach (var (id, state, facts) in tails)
        {
            states[id] = Fold(state, await facts);
            Remember(id, states[id]);
        }

        return states;
    }

    /// <summary>Whether <paramref name="state"/> has gone so far beyond its snapshot that another one is worth its size.</summary>
    public static bool IsSnapshotDue(RoomState state) => state is { Room: { } room }
        && state.Version - state.SnapshotAt >= Math.Max(SnapshotEvery, FactsForAPart * PartsOf(room));

    /// <summary>Stores <paramref name="state"/> for a node's first read of the room.</summary>
    public static SqlOperation Snapshot(Guid roomID, RoomState state) => new(
        """
        insert into parle.room_snapshots (room_id, version, state) values (?, ?, ?)
        on conflict (room_id) do update set version = excluded.version, state = excluded.state where room_snapshots.version < excluded.version
        """,
        (roomID, NpgsqlDbType.Uuid),
        (state.Version, NpgsqlDbType.Bigint),
        (JsonSerializer.Serialize(state.Room, StoredJson.Options), NpgsqlDbType.Jsonb));

    /// <inheritdoc/>
    public void Dispose() => remembered.Dispose();

    private static int PartsOf(Room room) => room.Seats.Count + room.Participants.Count + room.Asks.Count + room.Conversation.Pairs.Count;

    private static RoomState Fold(RoomState state, IReadOnlyList<IEvent> facts) => facts.Aggregate(
        state,
        (before, fact) => before with
        {
            Room = Room.Apply(before.Room, fact.Data, FactMetadata.PlacementOf(fact), fact.Timestamp, FactMetadata.TokensAboveIn(fact)),
            Version = fact.Version
        });

    private async Task<Dictionary<Guid, RoomState>> Snapshots(Guid[] roomIDs, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, RoomState>();
        if (roomIDs.Length == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(
            "select room_id, version, state from parle.room_snapshots where room_id = any($1)");
        command.Parameters.Add(new() { Value = roomIDs, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var row = new Row(rows);
        while (await rows.ReadAsync(cancellation))
        {
            if (JsonSerializer.Deserialize<Room>(row.Get<string>("state"), StoredJson.Options) is { Shape: Room.CurrentShape } room)
            {
                var version = row.Get<long>("version");
                found[row.Get<Guid>("room_id")] = new(room, version, version);
            }
        }

        return found;
    }
}
