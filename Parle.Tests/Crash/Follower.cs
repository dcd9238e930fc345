using System.Net;
using System.Text.Json;
using Parle.Tests.Service;

namespace Parle.Tests.Crash;

/// A reader that follows its cursor over long polls, to whichever node it finds, and keeps what it sees.
public sealed class Follower(TestAgent agent, Func<HttpClient> node)
{
    private readonly List<JsonElement> rows = [];

    public TestAgent Agent => agent;

    /// The rows it saw, in order; to be read when it has ended.
    public IReadOnlyList<JsonElement> Rows => rows;

    /// Follows until it is to stop and there is nothing more.
    public async Task Follow(CancellationToken stop)
    {
        var since = 0L;
        while (true)
        {
            var last = stop.IsCancellationRequested;
            var page = await Read(since, wait: last ? 0 : 1);
            rows.AddRange(page?.Messages() ?? []);
            since = page?.GetProperty("watermark").GetInt64() ?? since;
            if (last && page?.Messages() is [])
            {
                return;
            }
        }
    }

    // Null when no answer came, or one that asks to come back.
    private async Task<JsonElement?> Read(long since, int wait)
    {
        try
        {
            var answer = await agent.At(node()).Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/projection?since_seq={since}&wait={wait}");
            var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            if (answer.StatusCode is HttpStatusCode.OK)
            {
                return json;
            }

            Assert.True(json.GetProperty("error").GetProperty("retryable").GetBoolean(), json.GetRawText());
        }
        catch (HttpRequestException)
        {
        }

        await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        return null;
    }
}
