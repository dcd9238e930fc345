using System.Net;
using System.Text.Json;
using Parle.Tests.Service;

namespace Parle.Tests.Crash;

/// Something said, and what its author was told at last.
public sealed record Acknowledged(TestAgent Author, string Key, string Body, string? To, Guid EventID, long Seq);

/// An agent that does not give up: what it has to say it says under one key, to whichever node it finds, until it is acknowledged.
/// Where there is another node, each try goes to the other one than that before it, and what is said twice at once goes to both.
public sealed class Writer(TestAgent agent, Func<HttpClient> node, string? to = null, Func<HttpClient>? other = null)
{
    private readonly List<Acknowledged> acknowledged = [];
    private int progress;

    public TestAgent Agent => agent;

    /// The acknowledged writes; to be read when it has ended.
    public IReadOnlyList<Acknowledged> Acknowledged => acknowledged;

    /// The number of acknowledged writes so far.
    public int Progress => Volatile.Read(ref progress);

    /// The number of tries without an answer, or with one that asks for a retry.
    public int Retries { get; private set; }

    /// The number of answers that asked for a retry.
    public int PutOff { get; private set; }

    /// Says one thing after the other, and finishes the last one when it is to stop.
    public async Task Write(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (key, body) = ($"{Guid.NewGuid()}", $"{agent.Address} says thing {acknowledged.Count}");
            var direct = acknowledged.Count % 3 == 0 ? to : null;

            // An impatient client sends a thing twice at once.
            var answers = await Task.WhenAll(
                Enumerable.Range(0, acknowledged.Count % 5 == 0 ? 2 : 1).Select(i => Say(key, body, direct, acknowledged.Count + i)));

            var receipt = Assert.Single(answers.Distinct());
            acknowledged.Add(new(agent, key, body, direct, receipt.EventID, receipt.Seq));
            Interlocked.Increment(ref progress);
        }
    }

    /// Tries until it is acknowledged. Only a lost connection, or an envelope that asks to come back, is a reason to try again.
    public async Task<(Guid EventID, long Seq)> Say(string key, string body, string? direct = null, int first = 0)
    {
        var since = TimeProvider.System.GetTimestamp();
        for (var turn = first; ; turn++, Retries++)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Until.Bound, "This was never acknowledged.");
            if (await Try(key, body, direct, turn % 2 == 0 ? node : other) is { } receipt)
            {
                Assert.True(receipt.Replayed || receipt.Status is HttpStatusCode.Created);
                return (receipt.EventID, receipt.Seq);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    /// One try; null when no answer came or the service asks to come back.
    public async Task<Answered?> Try(string key, string body, string? direct = null, Func<HttpClient>? at = null)
    {
        HttpResponseMessage answer;
        string text;
        try
        {
            answer = await agent.At((at ?? node)()).Say(body, key, direct);
            text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException) // Whereas a time-out is no excuse: the service does not let anybody hang.
        {
            return null;
        }

        var json = JsonElement.Parse(text);
        if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
        {
            return new(answer.StatusCode, json.GetProperty("replayed").GetBoolean(), json.GetProperty("event_id").GetGuid(),
                json.GetProperty("seq").GetInt64());
        }

        var error = json.GetProperty("error");
        Assert.True(error.GetProperty("retryable").GetBoolean(), text);
        Assert.Contains(error.GetProperty("code").GetString(), (string[])["service_unavailable", "server_error"]);
        PutOff++;
        return null;
    }
}

/// An acknowledgement as it came.
public sealed record Answered(HttpStatusCode Status, bool Replayed, Guid EventID, long Seq);
