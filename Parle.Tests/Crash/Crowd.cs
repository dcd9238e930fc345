using System.Net;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Replaying;
using Parle.Tests.Service;

namespace Parle.Tests.Crash;

/// Agents in a few rooms that all write and read at once, and what must be so when they have ended.
public sealed class Crowd
{

    private readonly string connectionString;
    private readonly IReadOnlyList<Func<HttpClient>> nodes;
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource stopReading = new();
    private readonly List<Task> writing;
    private readonly List<Task> reading;

    private Crowd(string connectionString, IReadOnlyList<Func<HttpClient>> nodes, IReadOnlyList<TestRoom> rooms, int writersOfAnAgent)
    {
        (this.connectionString, this.nodes) = (connectionString, nodes);
        Writers = [.. from room in rooms
                      from i in Enumerable.Range(0, room.Agents.Count)
                      from _ in Enumerable.Range(0, writersOfAnAgent)
                      select new Writer(
                          room.Agents[i], nodes[0], to: room.Agents[(i + 1) % room.Agents.Count].Address, nodes.ElementAtOrDefault(1))];
        Followers =
            [.. rooms.SelectMany(room => room.Agents).Select(agent => new Follower(agent, () => nodes[Random.Shared.Next(nodes.Count)]()))];
        writing = [.. Writers.Select(writer => writer.Write(stop.Token))];
        reading = [.. Followers.Select(follower => follower.Follow(stopReading.Token))];
    }

    public IReadOnlyList<Writer> Writers { get; }

    public IReadOnlyList<Follower> Followers { get; }

    /// Provisions on a database that has the schema, and begins at once.
    public static async Task<Crowd> On(string connectionString, Func<HttpClient> node) =>
        new(connectionString, [node], [await Room(connectionString), await Room(connectionString)], writersOfAnAgent: 2);

    /// All in one room, and each at both nodes in turn.
    public static async Task<Crowd> InOneRoom(string connectionString, Func<HttpClient> one, Func<HttpClient> other) =>
        new(connectionString, [one, other], [await Room(connectionString)], writersOfAnAgent: 6);

    /// Waits until so many more things were acknowledged; fails if a writer failed.
    public async Task Says(int more)
    {
        var before = Said;
        await Until.Holds(async () =>
        {
            foreach (var ended in writing.Concat(reading).Where(task => task.IsCompleted))
            {
                await ended;
            }

            return Said >= before + more;
        });
    }

    /// Lets everybody finish what they are at, and what was written be read.
    public async Task Ends()
    {
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        await stopReading.CancelAsync();
        await Task.WhenAll(reading);
    }

    /// The checks after any crash. A crowd that has ended has no key in doubt: each one was acknowledged.
    public async Task IsOnTheRecordOnce()
    {
        var acknowledged = Writers.SelectMany(writer => writer.Acknowledged).ToList();
        Assert.Equal(acknowledged.Count, acknowledged.Select(thing => thing.EventID).Distinct().Count());
        await IsStoredOnce(acknowledged);
        foreach (var node in nodes)
        {
            await IsReplayed(acknowledged, node);
        }

        await IsViewed();
        foreach (var follower in Followers)
        {
            IsSeenOnce(follower, acknowledged);
        }
    }

    private static async Task<TestRoom> Room(string connectionString)
    {
        await using var provisioning = await ParleService.Start(connectionString);
        return await provisioning.NewRoomWithPresent(History.FromAdmission, History.All, History.FromAdmission);
    }

    private int Said => Writers.Sum(writer => writer.Progress);

    // Facts, idempotency records and contents are the same set as the acknowledged writes; no stream has a gap.
    private async Task IsStoredOnce(IReadOnlyList<Acknowledged> acknowledged)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var facts = await Rows(
            connection, "select id || ' ' || stream_id from parle.mt_events where type = 'message_submitted' order by 1");
        Assert.Equal(acknowledged.Select(thing => $"{thing.EventID} {thing.Author.RoomID}").Order(StringComparer.Ordinal), facts);
        Assert.Equal(
            acknowledged.Select(thing => $"{thing.EventID} {thing.Key} {thing.Seq}").Order(StringComparer.Ordinal),
            await Rows(connection, "select (answer::jsonb ->> 'event_id') || ' ' || key || ' ' || (answer::jsonb ->> 'seq') from "
                + "parle.kept_answers order by 1"));
        Assert.Equal(
            acknowledged.Select(thing => $"{thing.EventID} {thing.Body}").Order(StringComparer.Ordinal),
            await Rows(connection, "select content_id || ' ' || (body::jsonb ->> 'body') from parle.contents order by 1"));
        Assert.Empty(await Rows(connection, """
            select s.id::text from parle.mt_streams s join parle.mt_events e on e.stream_id = s.id
            where e.type <> 'tombstone' -- The event store's own notes of numbers that a failed append used up.
            group by s.id, s.version having min(e.version) <> 1 or max(e.version) <> s.version or count(*) <> s.version
            """));
    }

    // The views are what the record says.
    private async Task IsViewed()
    {
        await using var another = await ParleService.Start(connectionString);
        Assert.All(await another.Check(), view => Assert.True(view.Agrees, $"{view.View}: {view.First}"));
    }

    private static async Task IsReplayed(IReadOnlyList<Acknowledged> acknowledged, Func<HttpClient> node)
    {
        foreach (var some in acknowledged.Chunk(32))
        {
            var answers = await Task.WhenAll(some.Select(thing => new Writer(thing.Author, node).Try(thing.Key, thing.Body, thing.To)));
            Assert.Equal(some.Select(thing => new Answered(HttpStatusCode.OK, true, thing.EventID, thing.Seq)), answers);
        }
    }

    // Its own things stand where their receipts say; of the others it sees what was said to all and to it.
    private static void IsSeenOnce(Follower follower, IReadOnlyList<Acknowledged> acknowledged)
    {
        var rows = follower.Rows;
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(seq => (long)seq), rows.Select(row => row.Seq()));

        var messages = rows.Where(row => row.GetProperty("event_type").GetString() == "message_submitted")
            .ToDictionary(row => row.GetProperty("event_id").GetGuid());
        var reader = follower.Agent;
        var meant = acknowledged.Where(thing => thing.Author.RoomID == reader.RoomID
            && (thing.To is null || thing.To == reader.Address || thing.Author.SessionID == reader.SessionID)).ToList();
        Assert.Equal(meant.Select(thing => thing.EventID).Order(), messages.Keys.Order());
        Assert.All(meant, thing => Assert.Equal(thing.Body, messages[thing.EventID].Body()));
        Assert.All(meant.Where(thing => thing.Author.SessionID == reader.SessionID),
            thing => Assert.Equal(thing.Seq, messages[thing.EventID].Seq()));
    }

    private static async Task<IReadOnlyList<string>> Rows(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
