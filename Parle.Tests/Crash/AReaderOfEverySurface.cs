using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Crash;

/// Law 8 with two nodes as they are deployed, one of which is killed.
[Collection(Rigs.Other)]
public sealed class AReaderOfEverySurface(TestCluster cluster)
{
    [Fact]
    public async Task sees_what_is_meant_for_it_once_and_in_order_while_a_node_is_killed()
    {
        var database = await cluster.NewDatabase();
        await using var one = await new Site(database).Start();
        await using var other = await new Site(database).Start();
        HttpClient Node() => Random.Shared.Next(2) == 0 ? one.Client : other.Client;

        var agents = await Agents(database);
        var writers = agents.Select((agent, i) => new Writer(agent, Node, to: agents[(i + 1) % agents.Count].Address)).ToList();
        var workers = agents.Select(agent => new Worker(agent, Node)).ToList();
        var readers = agents.Select(agent => (View: new Wanderer(agent, Node, "projection"), Inbound: new Wanderer(agent, Node, "inbound")))
            .ToList();
        using var stop = new CancellationTokenSource();
        using var stopReading = new CancellationTokenSource();
        List<Task> writing =
            [.. writers.Select(writer => writer.Write(stop.Token)), .. workers.Select(worker => worker.Answer(stop.Token))];
        List<Task> reading = [.. workers.Select(worker => worker.Work(stopReading.Token)),
            .. readers.SelectMany(reader => new[] { reader.View.Read(stopReading.Token), reader.Inbound.Read(stopReading.Token) })];

        await Said(60);
        await one.Process.Kill();
        await Said(30);
        await one.Start();
        await Said(60);
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        await stopReading.CancelAsync();
        await Task.WhenAll(reading);

        var said = writers.SelectMany(writer => writer.Acknowledged).Concat(workers.SelectMany(worker => worker.Replies)).ToList();
        Assert.True(workers.Sum(worker => worker.Replies.Count) > 0, "Nobody answered anything.");
        for (var i = 0; i < agents.Count; i++)
        {
            SawItsView(agents[i], readers[i].View, said, agents);
            SawWhatIsInbound(agents[i], readers[i].View, readers[i].Inbound, said);
            GotItsWork(workers[i], readers[i].View, said);
            foreach (var node in (HttpClient[])[one.Client, other.Client])
            {
                Assert.Empty((await agents[i].At(node).Drain()).Messages());
                await StreamsTheSame(agents[i].At(node), readers[i].View);
            }
        }

        async Task Said(int more)
        {
            var before = Count();
            await Until.Holds(async () =>
            {
                foreach (var ended in writing.Concat(reading).Where(task => task.IsCompleted))
                {
                    await ended;
                }

                return Count() >= before + more;
            });
        }

        int Count() => writers.Sum(writer => writer.Progress);
    }

    /// Three agents, one of which has two sessions, and one an alias.
    private static async Task<IReadOnlyList<TestAgent>> Agents(string database)
    {
        await using var provisioning = await ParleService.Start(database);
        var room = await provisioning.NewRoomWithPresent(History.FromAdmission, History.All, History.FromAdmission);
        var twin = new TestAgent(provisioning.Client(), room.RoomID, room.Agents[0].Token);
        await twin.StartSession();
        await twin.Enter();
        await room.Agents[1].Claim("desk", 0);
        return [.. room.Agents, twin];
    }

    // Its own things stand where their receipts say; of the others it sees what was said to all and to its seat.
    private static void SawItsView(TestAgent reader, Wanderer view, IReadOnlyList<Acknowledged> said, IReadOnlyList<TestAgent> agents)
    {
        Assert.Equal(Enumerable.Range(1, view.Rows.Count).Select(seq => (long)seq), view.Rows.Select(row => row.Seq()));
        var seat = agents.Where(agent => agent.Token == reader.Token).ToList();
        var meant = said.Where(thing => thing.To is null || seat.Exists(agent => agent == thing.Author || agent.Address == thing.To))
            .ToList();
        Assert.Equal(meant.Select(thing => $"{thing.EventID} {thing.Body}").Order(StringComparer.Ordinal),
            Messages(view).Select(row => $"{row.GetProperty("event_id")} {row.Body()}").Order(StringComparer.Ordinal));
        var seqs = view.Rows.ToDictionary(row => row.GetProperty("event_id").GetGuid(), row => row.Seq());
        Assert.All(meant.Where(thing => seat.Contains(thing.Author)), thing => Assert.Equal(thing.Seq, seqs[thing.EventID]));
    }

    private static void SawWhatIsInbound(TestAgent reader, Wanderer view, Wanderer inbound, IReadOnlyList<Acknowledged> said)
    {
        var others = said.Where(thing => thing.Author != reader && (thing.To is null || thing.To == reader.Address))
            .Select(thing => thing.EventID).ToHashSet();
        Assert.Equal(
            view.Rows.Where(row => row.GetProperty("event_type").GetString() is not "message_submitted"
                || others.Contains(row.GetProperty("event_id").GetGuid())).Select(Place),
            inbound.Rows.Select(Place));
    }

    private static void GotItsWork(Worker worker, Wanderer view, IReadOnlyList<Acknowledged> said)
    {
        var aimed = said.Where(thing => thing.To == worker.Agent.Address).Select(thing => thing.EventID).ToHashSet();
        Assert.Equal(
            view.Rows.Where(row => aimed.Contains(row.GetProperty("event_id").GetGuid())).Select(Place), worker.Received.Select(Place));
    }

    private static async Task StreamsTheSame(TestAgent reader, Wanderer view)
    {
        using var stream = await Frames.OfRoom(reader, 0);
        foreach (var row in view.Rows)
        {
            Assert.Equal(Place(row), Place(Frames.Row((await stream.Next())!)));
        }
    }

    private static IEnumerable<System.Text.Json.JsonElement> Messages(Wanderer view) =>
        view.Rows.Where(row => row.GetProperty("event_type").GetString() is "message_submitted");

    private static string Place(System.Text.Json.JsonElement row) => $"{row.Seq()} {row.GetProperty("event_id")}";
}
