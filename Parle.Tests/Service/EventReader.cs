using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Parle.Tests.Service;

/// Reads a stream of events as a client does, and fails rather than wait for ever.
public sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan bound = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage answer;
    private readonly CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken);
    private readonly IAsyncEnumerator<SseItem<string>> events;

    private EventReader(HttpResponseMessage answer, Stream stream)
    {
        this.answer = answer;
        events = SseParser.Create(stream).EnumerateAsync(giveUp.Token).GetAsyncEnumerator();
    }

    /// A wake stream whose config was read.
    public static async Task<EventReader> Wake(TestAgent agent)
    {
        var reader = await Open(agent, "/v/agent/wake");
        Assert.Equal("config", (await reader.Next()).EventType);
        return reader;
    }

    /// A room stream that goes on after <paramref name="since"/>.
    public static Task<EventReader> Room(TestAgent agent, long? since = null, string? lastEventID = null) =>
        Open(agent, $"/v/rooms/{agent.RoomID}/stream{(since is null ? "" : $"?since_seq={since}")}", lastEventID);

    /// The answer's text, byte by byte, until this text came.
    public static async Task<string> TextUntil(HttpResponseMessage answer, string end)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        giveUp.CancelAfter(bound);
        var stream = await answer.Content.ReadAsStreamAsync(giveUp.Token);
        var (text, next) = (new StringBuilder(), new byte[1]);
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(next, giveUp.Token);
            text.Append((char)next[0]);
        }

        return text.ToString();
    }

    /// The next event.
    public async Task<SseItem<string>> Next()
    {
        Assert.True(await Move(), "The stream closed.");
        return events.Current;
    }

    /// The next event; null when the service closed the stream instead.
    public async Task<SseItem<string>?> NextOrEnd() => await Move() ? events.Current : null;

    /// The next events, as rows.
    public async Task<IReadOnlyList<JsonElement>> Rows(int count)
    {
        var rows = new List<JsonElement>();
        while (rows.Count < count)
        {
            var row = await Next();
            rows.Add(JsonElement.Parse(row.Data));
            Assert.Equal(("message", $"{rows[^1].Seq()}"), (row.EventType, row.EventId));
        }

        return rows;
    }

    /// All that comes until the service closes the stream.
    public async Task<IReadOnlyList<SseItem<string>>> ToEnd()
    {
        var rest = new List<SseItem<string>>();
        while (await Move())
        {
            rest.Add(events.Current);
        }

        return rest;
    }

    public async ValueTask DisposeAsync()
    {
        await giveUp.CancelAsync();
        answer.Dispose();
        giveUp.Dispose();
    }

    private static async Task<EventReader> Open(TestAgent agent, string path, string? lastEventID = null)
    {
        using var request = agent.Request(HttpMethod.Get, path);
        if (lastEventID is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventID);
        }

        var answer = await agent.Send(request);
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            Assert.Fail($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        return new(answer, await answer.Content.ReadAsStreamAsync());
    }

    private async Task<bool> Move()
    {
        giveUp.CancelAfter(bound);
        return await events.MoveNextAsync();
    }
}
