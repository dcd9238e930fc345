using System.Net;
using Npgsql;
using Parle.Api.LocalPostgres;
using Parle.Domain.Rooms;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Crash;

[Collection(Rigs.Other)]
public sealed class AServiceAskedToStopUnderLoad : IDisposable
{
    private readonly DataFolder data = new();

    public void Dispose() => data.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task answers_all_that_it_accepts_and_stops_its_database(string signal)
    {
        if (signal == "INT")
        {
            Interrupt.MustBeHeard();
        }

        await using var site = await Site.OfDataFolder(data.Path).Start();
        var agents = (await Room()).Agents;
        var impatient = agents.Skip(1).SelectMany(agent => Enumerable.Range(0, 6).Select(_ => new Impatient(new(agent, () => site.Client))))
            .ToList();
        var waiting = agents[0].At(site.Client);
        var poll = waiting.Send(HttpMethod.Get, $"/v/rooms/{waiting.RoomID}/responsive-delivery?wait=30"); // Nothing is addressed to it.

        var working = impatient.Select(writer => writer.Write()).ToList();
        await Until.Holds(() => Task.FromResult(impatient.Sum(writer => writer.Progress) > 100));
        Assert.Equal(0, await site.Process.Signal(signal));
        await Task.WhenAll(working);

        Assert.Empty((await (await poll).Json(HttpStatusCode.OK)).Messages());
        Assert.Null(data.ServerPid);
        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: TestContext.Current.CancellationToken);
        await using (var connection = new NpgsqlConnection(postgres.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var kept = new NpgsqlCommand(
                "select coalesce(array_agg(key order by key), '{}') from parle.kept_answers", connection);
            Assert.Equal(impatient.SelectMany(writer => writer.Answered).Order(StringComparer.Ordinal),
                ((string[])(await kept.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).Order(StringComparer.Ordinal));
        }

        await site.Start();
        foreach (var writer in impatient)
        {
            Assert.Equal(HttpStatusCode.Created, (await writer.TryUnansweredAgain()).Status);
        }
    }

    [Fact]
    public async Task leaves_the_database_to_another_that_uses_it()
    {
        await using var one = await Site.OfDataFolder(data.Path).Start();
        await using var other = await Site.OfDataFolder(data.Path).Start();
        var agent = (await Room()).Agents[0];
        var server = data.ServerPid;

        Assert.Equal(0, await one.Process.Terminate());
        await (await agent.At(other.Client).Say("still here")).Json(HttpStatusCode.Created);
        Assert.Equal(server, data.ServerPid);

        Assert.Equal(0, await other.Process.Terminate());
        Assert.Null(data.ServerPid);
    }

    // The share in the database is given back at once: what is left is the service's own.
    private async Task<TestRoom> Room()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(data.Path, ct: TestContext.Current.CancellationToken);
        await using var provisioning = await ParleService.Start(postgres.ConnectionString);
        return await provisioning.NewRoomWithPresent(History.FromAdmission, History.FromAdmission, History.FromAdmission);
    }

    /// Says one thing after the other, each once, until no answer comes.
    private sealed class Impatient(Writer writer)
    {
        private readonly List<string> answered = [];
        private string? unanswered;
        private int progress;

        public IReadOnlyList<string> Answered => answered;

        public int Progress => Volatile.Read(ref progress);

        public async Task Write()
        {
            while (true)
            {
                unanswered = $"{Guid.NewGuid()}";
                if (await writer.Try(unanswered, "hello") is null)
                {
                    return;
                }

                answered.Add(unanswered);
                Interlocked.Increment(ref progress);
            }
        }

        public async Task<Answered> TryUnansweredAgain() => (await writer.Try(unanswered!, "hello"))!;
    }
}
