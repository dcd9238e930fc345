using System.Net;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

[Collection(Rigs.One)]
public sealed class ASessionEndedRightBeforeAKill(TestCluster cluster)
{
    [Fact]
    public async Task still_leaves_its_rooms()
    {
        var database = await cluster.NewDatabase();
        await using var site = await new Site(database).Start();
        TestAgent agent;
        await using (var provisioning = await ParleService.Start(database))
        {
            agent = (await provisioning.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        }

        // A lock keeps the leaving from finishing before the kill, so that it is cut off in its middle.
        await using (var holding = new NpgsqlConnection($"{database};Pooling=false"))
        {
            await holding.OpenAsync(TestContext.Current.CancellationToken);
            await using var writing = await holding.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var hold = new NpgsqlCommand("lock table parle.participants in exclusive mode", holding);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            await (await agent.At(site.Client).Send(HttpMethod.Post, $"/v/agent/sessions/{agent.SessionID}/end"))
                .Json(HttpStatusCode.NoContent);
            await Until.Holds(() => DataFolder.Ask<bool>(
                database, "select exists (select from pg_locks where relation = 'parle.participants'::regclass and not granted)"));
            await site.Process.Kill();
            await WhoeverWaits.Ends(holding, "parle.participants");
        }

        Assert.False(await HasLeft(database, agent));
        await site.Start();
        await Until.Holds(() => HasLeft(database, agent));

        Assert.Equal(1, await DataFolder.Ask<long>(database, "select count(*) from parle.mt_events where type = 'participant_left'"));
    }

    private static Task<bool> HasLeft(string database, TestAgent agent) =>
        DataFolder.Ask<bool>(
            database, $"select left_at is not null from parle.participants where participant_id = '{agent.ParticipantID}'");
}
