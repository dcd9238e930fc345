using System.Net;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

[Collection(Rigs.One)]
public sealed class AnAnswerLostInAKill(TestCluster cluster)
{
    // A commit waits for whoever holds this lock: the database is about to say yes, and the service hears it too late.
    private const string HoldCommits = """
        create function wait_for_lock() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock_shared(7); return null; end';
        create constraint trigger held after insert on parle.kept_answers deferrable initially deferred for each row execute function wait_for_lock();
        """;

    // A service that starts over a database whose tables somebody else's triggers watch is not ready.
    private const string HoldNoCommits = "drop function wait_for_lock() cascade";

    private const string CommitWaits =
        "select exists (select from pg_locks where locktype = 'advisory' and objid = 7 and not granted and database = (select oid from "
        + "pg_database where datname = current_database()))";

    [Fact]
    public async Task is_given_to_the_retry()
    {
        var database = await cluster.NewDatabase();
        await using var site = await new Site(database).Start();
        var agent = await Agent(database, site);
        await DataFolder.Do(database, HoldCommits);
        await using var holding = new NpgsqlConnection($"{database};Pooling=false");
        await holding.OpenAsync(TestContext.Current.CancellationToken);
        await Do(holding, "select pg_advisory_lock(7)");

        var first = agent.Say("hello", "key-1");
        await Until(database, CommitWaits);
        await site.Process.Kill();
        await Do(holding, "select pg_advisory_unlock(7)");
        await Until(database, "select exists (select from parle.mt_events where type = 'message_submitted')");
        await Assert.ThrowsAsync<HttpRequestException>(() => first);
        await DataFolder.Do(database, HoldNoCommits);
        await site.Start();

        var again = await (await agent.At(site.Client).Say("hello", "key-1")).Json(HttpStatusCode.OK);

        Assert.True(again.GetProperty("replayed").GetBoolean());
        Assert.Equal(await DataFolder.Ask<Guid>(database, "select id from parle.mt_events where type = 'message_submitted'"),
            again.GetProperty("event_id").GetGuid());
        Assert.Equal("hello", Assert.Single((await agent.At(site.Client).Read()).Messages(), row => row.Seq() == again.Seq()).Body());
    }

    /// The same for a reply, whose route is used up with it.
    [Fact]
    public async Task is_given_to_the_retry_of_a_reply()
    {
        var database = await cluster.NewDatabase();
        await using var site = await new Site(database).Start();
        await using var provisioning = await ParleService.Start(database);
        var room = await provisioning.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var (asker, agent) = (room.Agents[0].At(site.Client), room.Agents[1].At(site.Client));
        await (await asker.Say("Where is it?", to: agent.Address)).Json(HttpStatusCode.Created);
        var row = Assert.Single((await agent.Drain()).Messages());
        await DataFolder.Do(database, HoldCommits);
        await using var holding = new NpgsqlConnection($"{database};Pooling=false");
        await holding.OpenAsync(TestContext.Current.CancellationToken);
        await Do(holding, "select pg_advisory_lock(7)");

        var first = agent.Reply(row, "Here it is.", "key-1");
        await Until(database, CommitWaits);
        await site.Process.Kill();
        await Do(holding, "select pg_advisory_unlock(7)");
        await Until(database, "select exists (select from parle.kept_answers where action = 'post_reply')");
        await Assert.ThrowsAsync<HttpRequestException>(() => first);
        await DataFolder.Do(database, HoldNoCommits);
        await site.Start();

        Assert.Null((await agent.At(site.Client).Drain()).Messages()[0].GetProperty("reply_route").GetString());
        var again = await (await agent.At(site.Client).Reply(row, "Here it is.", "key-1")).Json(HttpStatusCode.OK);
        await (await agent.At(site.Client).Reply(row, "Here it is.", "key-2")).Refuses("not_found");

        Assert.True(again.GetProperty("replayed").GetBoolean());
        var answer = Assert.Single((await asker.At(site.Client).Drain()).Messages());
        Assert.Equal((again.GetProperty("event_id").GetGuid(), "Here it is."), (answer.GetProperty("event_id").GetGuid(), answer.Body()));
    }

    [Fact]
    public async Task was_never_due_when_nothing_was_committed()
    {
        var database = await cluster.NewDatabase();
        await using var site = await new Site(database).Start();
        var agent = await Agent(database, site);
        await using var holding = new NpgsqlConnection($"{database};Pooling=false");
        await holding.OpenAsync(TestContext.Current.CancellationToken);
        await using var writing = await holding.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await Do(holding, "lock table parle.kept_answers in exclusive mode");

        var first = agent.Say("hello", "key-1");
        await Until(database, "select exists (select from pg_locks where relation = 'parle.kept_answers'::regclass and not granted)");
        await site.Process.Kill();
        await WhoeverWaits.Ends(holding, "parle.kept_answers");
        await writing.RollbackAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => first);
        await site.Start();

        var again = await (await agent.At(site.Client).Say("hello", "key-1")).Json(HttpStatusCode.Created);

        Assert.Equal(again.GetProperty("event_id").GetGuid(),
            await DataFolder.Ask<Guid>(database, "select id from parle.mt_events where type = 'message_submitted'"));
    }

    private static async Task<TestAgent> Agent(string database, Site site)
    {
        await using var provisioning = await ParleService.Start(database);
        return (await provisioning.NewRoomWithPresent(History.FromAdmission)).Agents[0].At(site.Client);
    }

    private static async Task Do(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static Task Until(string database, string sql) => Crash.Until.Holds(() => DataFolder.Ask<bool>(database, sql));
}
