using System.Net;
using System.Text.Json;

namespace Parle.Tests.Service;

/// The server-sent events of one open stream, one at a time.
public sealed class Frames : IDisposable
{
    private readonly HttpResponseMessage answer;
    private readonly StreamReader lines;

    private Frames(HttpResponseMessage answer, Stream body) => (this.answer, lines) = (answer, new(body));

    public static Task<Frames> OfRoom(TestAgent agent, long since) => Open(agent, $"/v/rooms/{agent.RoomID}/stream?since_seq={since}");

    public static Task<Frames> OfWake(TestAgent agent) => Open(agent, "/v/agent/wake");

    /// Opens a stream that must be granted, where a reader left off that has seen this event.
    public static async Task<Frames> Open(TestAgent agent, string path, long? lastEventID = null)
    {
        using var request = agent.Request(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/event-stream");
        if (lastEventID is { } last)
        {
            request.Headers.Add("Last-Event-ID", $"{last}");
        }

        var answer = await agent.Send(request);
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            await answer.Json(HttpStatusCode.OK); // Says what came instead.
        }

        return new(answer, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// The next event as it came, without its end; null when the stream has ended. Comments are passed over: they come with time.
    public async Task<string?> Next(CancellationToken stop = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, TestContext.Current.CancellationToken);
        var frame = new List<string>();
        while (await lines.ReadLineAsync(either.Token) is { } line)
        {
            if (line.Length > 0 && line[0] != ':')
            {
                frame.Add(line);
            }
            else if (line.Length == 0 && frame.Count > 0)
            {
                return string.Join('\n', frame);
            }
        }

        return null;
    }

    /// Everything up to the end of the stream.
    public async Task<IReadOnlyList<string>> ToEnd()
    {
        var frames = new List<string>();
        while (await Next() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// The row that an event of a room's stream carries.
    public static JsonElement Row(string frame)
    {
        var parts = frame.Split('\n');
        var row = JsonElement.Parse(parts.Single(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]);
        Assert.Equal($"id: {row.Seq()}", parts.Single(line => line.StartsWith("id: ", StringComparison.Ordinal)));
        return row;
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }
}
