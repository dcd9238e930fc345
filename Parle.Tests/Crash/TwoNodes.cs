using System.Net;
using Parle.Domain.Rooms;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

[Collection(Rigs.Other)]
public sealed class TwoNodes(TestCluster cluster)
{
    [Fact]
    public async Task keep_one_room_whole_for_clients_that_switch_between_them_while_one_is_killed()
    {
        var database = await cluster.NewDatabase();
        await using var one = await new Site(database).Start();
        await using var other = await new Site(database).Start();

        var crowd = await Crowd.InOneRoom(database, () => one.Client, () => other.Client);
        await crowd.Says(150);
        await one.Process.Kill();
        await crowd.Says(60); // On the one that is left, under the same keys.
        await one.Start();
        await crowd.Says(80);
        await crowd.Ends();

        await crowd.IsOnTheRecordOnce();
        Assert.True(crowd.Writers.Sum(writer => writer.Retries) > 0, "Nobody was hit by the kill.");
        Assert.Equal(0, crowd.Writers.Sum(writer => writer.PutOff)); // Nodes that meet in one room are nobody's business.
    }

    [Fact]
    public async Task wake_each_others_readers()
    {
        var database = await cluster.NewDatabase();
        await using var one = await new Site(database).Start();
        await using var other = await new Site(database).Start();
        await using var provisioning = await ParleService.Start(database);
        var room = await provisioning.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (writer, reader) = (room.Agents[0].At(one.Client), room.Agents[1].At(other.Client));
        var since = (await reader.Read()).GetProperty("watermark").GetInt64();

        // Once all three listen, nothing but a word from another node wakes a reader: whose wait ends by itself gets an empty page.
        await Until.Holds(() => DataFolder.Ask<bool>(
            database, "select count(*) = 3 from pg_stat_activity where datname = current_database() and query like 'listen%'"));
        var page = reader.Read(since, wait: 30);
        await (await writer.Say("to everybody")).Json(HttpStatusCode.Created);
        Assert.Equal("to everybody", Assert.Single((await page).Messages()).Body());

        page = reader.Read(since + 1, wait: 30);
        await (await writer.Say("to you alone", to: reader.Address)).Json(HttpStatusCode.Created);
        Assert.Equal("to you alone", Assert.Single((await page).Messages()).Body());
    }
}
