using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Parle.Api.Contract;
using Parle.Domain.Rooms;
using Parle.Tests.Crash;
using Parle.Tests.Service;
using Parle.Tests.Tokens;

namespace Parle.Tests.Contract;

/// Streams, waits, bodies and connections that are held open.
public class TooManyAtOnce(TestCluster cluster)
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task of_one_session_are_refused_until_one_is_given_back()
    {
        await using var service = await Limited(("HeldPerSession", "3"));
        var owner = await TokenOwner.At(service);
        var head = (await owner.Agent.Read()).GetProperty("watermark").GetInt64();
        var wake = await EventReader.Wake(owner.Agent);
        var rows = await EventReader.Room(owner.Agent, head);
        await using var more = await EventReader.Room(owner.Agent, head);

        foreach (var path in (string[])[$"/v/rooms/{owner.RoomID}/stream", $"{owner.Agent.Projection}?since_seq={head}&wait=30",
            $"/v/rooms/{owner.RoomID}/inbound?wait=1", $"/v/rooms/{owner.RoomID}/responsive-delivery?wait=30"])
        {
            var error = await (await owner.Agent.Send(HttpMethod.Get, path)).IsRefused("rate_limited", "cap", "used", "limit", "recovery");
            Assert.Equal(("held_requests_per_session", 3, 3, 1000), (error.Text("cap"), error.GetProperty("used").GetInt32(),
                error.GetProperty("limit").GetInt32(), error.GetProperty("retry_after_ms").GetInt32()));
        }

        await owner.Agent.Read(head); // A read that does not wait is not held.
        await owner.Ben.Read(0, wait: 30);

        // A newer wake stream closes the older one, and is never one too many.
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await using var newer = await EventReader.Wake(owner.Agent);
        Assert.Empty(await wake.ToEnd());
        await wake.DisposeAsync();
        await (await owner.Agent.Send(HttpMethod.Get, $"/v/rooms/{owner.RoomID}/stream"))
            .IsRefused("rate_limited", "cap", "used", "limit", "recovery");

        await rows.DisposeAsync();
        var held = service.Host.Services.GetRequiredService<HeldRequests>();
        await Until.Holds(() => Task.FromResult(held.Total == 2));
        await using var again = await EventReader.Room(owner.Agent, head);
    }

    [Fact]
    public async Task of_a_narrower_token_leave_others_theirs()
    {
        await using var service = await Limited(("HeldPerToken", "8"), ("HeldPerSession", "0"));
        var owner = await TokenOwner.At(service);
        var child = await owner.Agent.Narrowed(service, new { });
        var head = (await owner.Agent.Read()).GetProperty("watermark").GetInt64();
        var streams = new List<EventReader> { await EventReader.Room(child, head), await EventReader.Room(child, head) };
        await (await child.Send(HttpMethod.Get, $"/v/rooms/{owner.RoomID}/stream?since_seq={head}"))
            .IsRefused("rate_limited", "cap", "limit", "recovery");

        for (var i = 0; i < 4; i++)
        {
            streams.Add(await EventReader.Room(owner.Agent, head));
        }

        streams.Add(await EventReader.Room(owner.Ben, head));
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task of_one_node_leave_some_to_every_principal()
    {
        await using var service = await Limited(("HeldPerNode", "6"), ("HeldPerSession", "0"));
        var owner = await TokenOwner.At(service);
        var head = (await owner.Agent.Read()).GetProperty("watermark").GetInt64();
        await using var first = await EventReader.Room(owner.Agent, head);
        await using var second = await EventReader.Room(owner.Agent, head);
        await using var third = await EventReader.Room(owner.Agent, head);
        Assert.Equal("held_requests_per_node",
            (await (await owner.Agent.Send(HttpMethod.Get, $"/v/rooms/{owner.RoomID}/stream?since_seq={head}"))
                .IsRefused("rate_limited", "cap", "limit", "recovery")).Text("cap"));
        await using var bens = await EventReader.Room(owner.Ben, head);
    }

    /// The connections of published clients: a wake stream and a wait for each of a few rooms, in as many sessions as an agent has.
    [Fact]
    public async Task are_more_than_a_client_ever_holds()
    {
        await using var service = await Limited();
        var agent = (await service.NewRoomWithPresent(History.FromAdmission)).Agents[0];
        var head = (await agent.Read()).GetProperty("watermark").GetInt64();
        var streams = new List<EventReader>();
        for (var i = 0; i < 24; i++)
        {
            var run = agent.Again();
            await run.StartSession();
            await run.Enter();
            streams.Add(await EventReader.Wake(run));
            for (var waits = 0; waits < 3; waits++)
            {
                streams.Add(await EventReader.Room(run, head));
            }
        }

        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task are_bodies_that_never_come()
    {
        await using var service = await Limited(("UploadsPerToken", "4"));
        var owner = await TokenOwner.At(service);
        var uploads = service.Host.Services.GetRequiredService<Uploads>();
        var trickles = Enumerable.Range(0, 3).Select(_ => new Trickle()).ToList();
        var answers = trickles.ConvertAll(body => owner.Agent.Send(Posting(owner.Agent, body)));
        await Until.Holds(() => Task.FromResult(uploads.Total == 3));

        var error = await (await owner.Agent.Send(Posting(owner.Agent, new Trickle())))
            .IsRefused("rate_limited", "cap", "used", "limit", "recovery");
        Assert.Equal(
            ("uploads_per_token", 3, 4), (error.Text("cap"), error.GetProperty("used").GetInt32(), error.GetProperty("limit").GetInt32()));
        await owner.Ben.Tell(owner.Agent.Address, "Nobody else is held up.");

        clock.Advance(TimeSpan.FromSeconds(30));
        foreach (var answer in answers)
        {
            await (await answer).IsRefused("request_timeout");
            Assert.True((await answer).Headers.ConnectionClose);
        }

        Assert.Equal(0, uploads.Total);
        trickles.ForEach(body => body.End());
    }

    [Fact]
    public async Task are_bodies_of_strangers_too()
    {
        await using var service = await Limited(("UploadsPerNetwork", "4"));
        var uploads = service.Host.Services.GetRequiredService<Uploads>();
        using var client = service.Client();
        var trickles = Enumerable.Range(0, 3).Select(_ => new Trickle()).ToList();
        var answers = trickles.ConvertAll(
            body => client.SendAsync(new(HttpMethod.Post, "/v/join") { Content = body, Headers = { { "Idempotency-Key", "k" } } },
                TestContext.Current.CancellationToken));
        await Until.Holds(() => Task.FromResult(uploads.Total == 3));

        await (await client.SendAsync(
            new(HttpMethod.Post, "/v/auth/email/start") { Content = new Trickle() }, TestContext.Current.CancellationToken))
            .IsRefused("rate_limited", "cap", "used", "limit", "recovery");
        clock.Advance(TimeSpan.FromSeconds(30));
        foreach (var answer in answers)
        {
            await (await answer).IsRefused("request_timeout");
        }

        trickles.ForEach(body => body.End());
    }

    /// Kestrel's own rate is an average that a slow sender can keep to for hours: the whole body has its time.
    [Fact]
    public async Task are_bodies_that_come_drop_by_drop()
    {
        await using var service = await Limited();
        var owner = await TokenOwner.At(service);
        var uploads = service.Host.Services.GetRequiredService<Uploads>();
        var body = new Trickle();
        var answer = owner.Agent.Send(Posting(owner.Agent, body));
        await Until.Holds(() => Task.FromResult(uploads.Total == 1));
        for (var i = 0; i < 29; i++)
        {
            await body.Drip(" ");
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False(answer.IsCompleted);
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        await (await answer).IsRefused("request_timeout");
        body.End();
    }

    [Fact]
    public async Task are_connections_of_one_network()
    {
        await using var process = await ParleProcess.Start(
            await cluster.NewDatabase(), ("PARLE_MIGRATE", "1"), ("Parle__Limits__ConnectionsPerNode", "20"));
        var open = new List<TcpClient>();
        for (var i = 0; i < 30; i++)
        {
            var one = new TcpClient();
            try
            {
                await one.ConnectAsync(process.Address.Host, process.Address.Port, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                one.Dispose(); // Closed before it was open.
                continue;
            }

            open.Add(one);
        }

        // Half is left to others; those that were too many were closed without a word.
        await Until.Holds(() => Task.FromResult(open.Count(one => one.Client.Poll(0, SelectMode.SelectRead)) + (30 - open.Count) >= 20));
        open.ForEach(one => one.Dispose());
        await Until.Holds(async () =>
        {
            try
            {
                return (await process.Client().GetAsync("/health/live", TestContext.Current.CancellationToken)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false; // They are not all gone yet.
            }
        });
    }

    private static HttpRequestMessage Posting(TestAgent agent, HttpContent body)
    {
        var request = agent.Request(HttpMethod.Post, agent.Messages);
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        request.Content = body;
        return request;
    }

    private async Task<ParleService> Limited(params (string Name, string Value)[] limits) => await ParleService.Start(
        await cluster.NewDatabase(), services => services.AddSingleton<TimeProvider>(clock),
        [.. limits.Select(limit => ($"Parle:Limits:{limit.Name}", limit.Value))]);

    /// A body that says it is long, and of which only the beginning comes, and what is dripped.
    private sealed class Trickle : HttpContent
    {
        private readonly TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously),
            begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Stream? stream;

        public Trickle() => Headers.ContentType = new("application/json");

        public async Task Drip(string text)
        {
            await begun.Task;
            await stream!.WriteAsync(Encoding.UTF8.GetBytes(text));
            await stream.FlushAsync();
        }

        public void End() => end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            this.stream = stream;
            await stream.WriteAsync("{"u8.ToArray());
            await stream.FlushAsync();
            begun.TrySetResult();
            await end.Task;
        }

        protected override bool TryComputeLength(out long length) => (length = 20_000) > 0;
    }
}
