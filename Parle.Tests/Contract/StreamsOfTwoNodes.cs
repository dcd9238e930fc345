using Parle.Domain.Rooms;
using Parle.Tests.Crash;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;
using TwoNodes = Parle.Tests.Laws.TwoNodes;

namespace Parle.Tests.Contract;

public class StreamsOfTwoNodes(TwoNodes nodes, TestCluster cluster) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task tell_of_work_that_came_in_at_the_other()
    {
        await nodes.HearEachOther();
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await ben.Claim("night-shift", 0);
        foreach (var (author, reader) in ((TestAgent, TestAgent)[])[(ana, nodes.AtB(ben)), (nodes.AtB(ana), ben)])
        {
            await using var stream = await EventReader.Wake(reader);
            await author.Say("for you", to: ben.Address);
            var hint = await stream.Next();
            if (hint.Data is "{}")
            {
                hint = await stream.Next(); // The claim was heard of here only now.
            }

            Assert.Equal(("wake", $$"""{"room_id":"{{room.RoomID}}"}"""), (hint.EventType, hint.Data));
            Assert.Equal("for you", (await reader.Drain()).Messages()[^1].Body());
        }
    }

    [Fact]
    public async Task send_rows_that_came_in_at_the_other()
    {
        await nodes.HearEachOther();
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        var since = (await ben.Read()).GetProperty("watermark").GetInt64();
        await using var atA = await EventReader.Room(ben, since);
        await using var atB = await EventReader.Room(nodes.AtB(ben), since);
        foreach (var (author, to) in ((TestAgent, string?)[])[(ana, null), (nodes.AtB(ana), ben.Address), (nodes.AtB(ana), null),
            (ana, ben.Address)])
        {
            await author.Say($"from {author.Address} to {to}", to: to);
            var (here, there) = (Assert.Single(await atA.Rows(1)), Assert.Single(await atB.Rows(1)));
            Assert.Equal((++since, $"from {author.Address} to {to}"), (here.Seq(), here.Body()));
            Assert.Equal((here.Seq(), here.Text("event_id")), (there.Seq(), there.Text("event_id")));
        }
    }

    [Fact]
    public async Task give_way_to_a_newer_one_at_the_other()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (ana, ben) = (room.Agents[0], room.Agents[1]);
        await using var oldest = await EventReader.Wake(ben);
        await using var older = await EventReader.Wake(nodes.AtB(ben));
        await oldest.ToEnd();
        await using var newest = await EventReader.Wake(ben);
        await older.ToEnd();

        await ana.Say("for you", to: ben.Address);
        Assert.Equal("wake", (await newest.Next()).EventType);
    }

    [Fact]
    public async Task give_way_also_when_word_of_the_newer_one_was_lost()
    {
        await using var one = await ParleService.Start(await cluster.NewDatabase());
        const string ListenersSql = "from pg_stat_activity where datname = current_database() and query like 'listen%' and state = 'idle'";
        await Until.Holds(() => DataFolder.Ask<bool>(one.ConnectionString, $"select count(*) = 1 {ListenersSql}"));
        var listener = await DataFolder.Ask<int>(one.ConnectionString, $"select pid {ListenersSql}");
        await using var other = await ParleService.Start(one.ConnectionString);
        var ben = (await one.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        await using var older = await EventReader.Wake(ben);

        Assert.True(await DataFolder.Ask<bool>(one.ConnectionString, $"select pg_terminate_backend({listener})"));
        await using var newer = await EventReader.Wake(ben.At(other.Client()));

        await older.ToEnd();
    }

    [Fact]
    public async Task close_when_the_session_ends_at_the_other()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        foreach (var agent in room.Agents)
        {
            await using var wake = await EventReader.Wake(nodes.AtB(agent));
            await using var rows = await EventReader.Room(nodes.AtB(agent));
            await agent.End();
            await wake.ToEnd();
            await rows.ToEnd();
        }
    }
}
