using System.Net;
using System.Text.Json;
using Parle.Tests.Service;

namespace Parle.Tests.Crash;

/// A reader that goes from node to node, polls, waits or streams as it likes, keeps some of what it is sent and hangs up, and goes on from
/// the last row it kept.
public sealed class Wanderer(TestAgent agent, Func<HttpClient> node, string surface)
{
    private readonly List<JsonElement> rows = [];
    private readonly Random mood = new();
    private long since;

    /// The rows it kept, in the order in which they came; to be read when it has ended.
    public IReadOnlyList<JsonElement> Rows => rows;

    /// Reads until it is to stop and there is nothing more.
    public async Task Read(CancellationToken stop)
    {
        while (true)
        {
            var last = stop.IsCancellationRequested; // Before the read, so that an empty page afterwards is the end.
            if (!last && surface == "projection" && mood.Next(3) == 0)
            {
                await Stream(mood.Next(1, 12), stop);
            }
            else if (await Page(wait: last ? 0 : mood.Next(2)) is { } page && Keep(page, all: last) is 0 && last)
            {
                return;
            }
        }
    }

    private async Task<JsonElement?> Page(int wait)
    {
        var answer = await Try.Once(
            () => agent.At(node()).Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/{surface}?since_seq={since}&wait={wait}"));
        Assert.True(answer is null or (HttpStatusCode.OK, _), $"{answer}");
        return answer?.Json;
    }

    // The position it reached. A page that it keeps whole also covers the rows left out of it.
    private long Keep(JsonElement page, bool all)
    {
        var before = since;
        var sent = page.Messages();
        var kept = all ? sent : [.. sent.Take(mood.Next(sent.Count + 2))];
        rows.AddRange(kept);
        since = kept.Count == sent.Count ? page.GetProperty("watermark").GetInt64() : kept is [.., var last] ? last.Seq() : since;
        return since - before;
    }

    private async Task Stream(int events, CancellationToken stop)
    {
        try
        {
            using var stream = await Frames.Open(agent.At(node()), $"/v/rooms/{agent.RoomID}/stream", since == 0 ? null : since);
            while (events-- > 0 && await stream.Next(stop) is { } frame)
            {
                var row = Frames.Row(frame);
                rows.Add(row);
                since = row.Seq();
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException || stop.IsCancellationRequested)
        {
            // It goes on elsewhere, from the last row that came whole.
        }
    }
}
