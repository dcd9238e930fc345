using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parle.Api.Hosting;
using Parle.Api.Mail;
using Parle.Tests.Accounts;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Authority;

/// One node after the other gets a new server key, and nobody notices.
public class AServerKeyThatIsReplaced(TestCluster cluster)
{
    private static readonly string fresh = ServerKeyFile.Fresh();
    private readonly Mailbox mailbox = new();

    [Fact]
    public async Task opens_what_the_old_one_did_at_every_step_and_at_the_end_without_it()
    {
        var database = await cluster.NewDatabase();
        await using var before = await Node(database, ParleService.ServerKey);
        var owner = await TokenOwner.At(before);
        var person = new PersonWithMail(before.Client(), mailbox);
        await person.BecomesKnown();
        var sleeper = new PersonWithMail(before.Client(), mailbox);
        await sleeper.BecomesKnown();
        var said = await ARetry.Receipt(await owner.Agent.Say("before", "key"));
        var minted = await owner.Mints(key: "token");
        var idle = await owner.Mints(key: "idle");
        var join = await (await owner.Send(HttpMethod.Post, $"/v/rooms/{owner.RoomID}/join-keys", new { label = "a" }, "join"))
            .Json(HttpStatusCode.Created);
        await (await owner.Agent.Send(HttpMethod.Get, $"/v/rooms/{owner.RoomID}/checkpoint")).Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken);

        // One node writes under the old key still, and knows the new one; the other has turned.
        await using var old = await Node(database, ParleService.ServerKey, fresh);
        await using var turned = await Node(database, fresh, ParleService.ServerKey);
        foreach (var (one, other, number) in new[] { (old, turned, 1), (turned, old, 2) })
        {
            var (here, there) = (owner.Agent.At(one.Client()), owner.Agent.At(other.Client()));
            await here.Read();
            Assert.Equal(said, await ARetry.Receipt(await here.Say("before", "key")));
            await (await here.Say("another", "key")).IsRefused("idempotency_conflict");
            Assert.Equal(await ARetry.Receipt(await here.Say("now", $"key-{number}")),
                await ARetry.Receipt(await there.Say("now", $"key-{number}")));
            Assert.Equal(minted.Text("token"), (await owner.AtNode(one).Mints(key: "token")).Text("token"));
            var another = await owner.AtNode(one).Mints(key: $"token-{number}");
            Assert.Equal(another.Text("token"), (await owner.AtNode(other).Mints(key: $"token-{number}")).Text("token"));
            await new TestAgent(other.Client(), owner.RoomID, another.Text("token")).StartSession();
            Assert.Equal(join.Text("key"),
                (await (await owner.AtNode(one).Send(HttpMethod.Post, $"/v/rooms/{owner.RoomID}/join-keys", new { label = "a" }, "join"))
                    .Json(HttpStatusCode.OK)).Text("key"));
            var code = await person.At(one).AsksForACode();
            await (await person.At(other).SignsIn(code)).Json(HttpStatusCode.Created);
            await person.At(one).IsKnownAs(person.Handle);
        }

        Assert.Equal(1, await turned.Scalar<long>(
            "select count(*) from parle.identities join parle.principals using (principal_id) where handle = $1", person.Handle));
        var change = turned.Host.Services.GetRequiredService<ServerKeyChange>();
        await change.Reseal(TestContext.Current.CancellationToken);
        var use = (await change.Status(TestContext.Current.CancellationToken))[0];
        Assert.Equal((0, 0), (use.Secrets, use.SigningKeys));
        // Callers that did not come: the idle token, and a person who sleeps.
        Assert.True(use.Credentials > 0 && use.Identities == 1, $"{use}");
        Assert.NotEmpty(await change.Retire(force: false, TestContext.Current.CancellationToken));
        foreach (var alone in new[] { fresh, ParleService.ServerKey }) // Not while something needs the other one.
        {
            await Assert.ThrowsAsync<ServerKeyException>(() => Check(turned, ("PARLE_SERVER_KEY", alone)));
        }

        Assert.Empty(await change.Retire(force: true, TestContext.Current.CancellationToken));
        await using var after = await Node(database, fresh);
        var agent = owner.Agent.At(after.Client());
        await agent.Read();
        Assert.Equal(HttpStatusCode.Created, (await agent.Say("after")).StatusCode);
        Assert.NotEmpty((await owner.AtNode(after).Mints(key: "token-2")).Text("token"));
        // Made under the old key: not recognised, and not done twice.
        await (await owner.AtNode(after).Send(HttpMethod.Post, owner.Tokens, new { room_id = owner.RoomID }, "token"))
            .IsRefused("idempotency_conflict");
        await (await person.At(after).SignsIn(await person.At(after).AsksForACode())).Json(HttpStatusCode.Created);
        // Exactly the announced things are lost.
        await (await sleeper.At(after).SignsIn(await sleeper.At(after).AsksForACode())).IsRefused("unauthenticated", "reason", "unlock");
        await (await new TestAgent(after.Client(), owner.RoomID, idle.Text("token")).Send(HttpMethod.Get, "/v/agent/self"))
            .IsRefused("invalid_agent_token");
    }

    [Fact]
    public async Task is_not_made_where_the_old_one_is_lost()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var folder = Directory.CreateTempSubdirectory("parle-tests-").FullName;
        try
        {
            var refusal = await Assert.ThrowsAsync<ServerKeyException>(() => Check(service, ("PARLE_DATA", folder)));
            Assert.Contains("server.key", refusal.Message);
            Assert.Empty(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The work of a node's start.
    private static async Task Check(ParleService database, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).Build();
        var source = database.Host.Services.GetRequiredService<NpgsqlDataSource>();
        await ServerKeyFile.Check(ServerKeyFile.Load(configuration, source), source, TestContext.Current.CancellationToken);
    }

    private Task<ParleService> Node(string database, string key, string others = "") => ParleService.Start(
        database, parts => parts.AddSingleton<IMailTransport>(mailbox), ("PARLE_SERVER_KEY", key), ("PARLE_SERVER_KEY_PREVIOUS", others),
        ("Parle:Limits:CodesPerAddress", "0"));
}
