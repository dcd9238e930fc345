using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Parle.Tests.Service;

namespace Parle.Tests.Crash;

/// An agent that takes what waits for its response, acknowledges some of it now and then, and answers some of it along its route.
public sealed class Worker(TestAgent agent, Func<HttpClient> node)
{
    private readonly Random mood = new();
    private readonly List<JsonElement> received = [];
    private readonly List<Acknowledged> replies = [];
    private readonly Channel<JsonElement> toAnswer = Channel.CreateUnbounded<JsonElement>();
    private readonly List<long> inDoubt = []; // Acknowledged without hearing whether it was done.
    private IReadOnlyList<long> waiting = [];
    private long line;

    public TestAgent Agent => agent;

    /// Each row when it came first.
    public IReadOnlyList<JsonElement> Received => received;

    /// The rows it answered, with an acknowledgement of the answer.
    public IReadOnlyList<Acknowledged> Replies => replies;

    /// Takes what waits, again and again, until it is to stop and nothing waits.
    public async Task Work(CancellationToken stop)
    {
        while (true)
        {
            var last = stop.IsCancellationRequested;
            if (await Drain(wait: last ? 0 : mood.Next(2)) is not { } rows)
            {
                continue;
            }

            if (rows is [] && last)
            {
                return;
            }

            if (rows is not [] && (last || mood.Next(2) == 0))
            {
                await Acknowledge(last ? rows[^1] : rows[mood.Next(rows.Count)]);
            }
        }
    }

    /// Answers, each under one key until it is acknowledged, and finishes the last one when it is to stop.
    public async Task Answer(CancellationToken stop)
    {
        while (await Next(stop) is { } row)
        {
            var (key, body) = ($"{Guid.NewGuid()}", $"{agent.Address} answers {row.GetProperty("event_id")}");
            (HttpStatusCode Status, JsonElement Json)? answer = null;
            await Until.Holds(async () => (answer = await Try.Once(() => agent.At(node()).Reply(row, body, key))) is not null);
            Assert.True(answer is (HttpStatusCode.Created or HttpStatusCode.OK, _), $"{answer}");
            var receipt = answer!.Value.Json;
            replies.Add(new(agent, key, body, row.GetProperty("author").GetProperty("address").GetString(),
                receipt.GetProperty("event_id").GetGuid(), receipt.Seq()));
        }
    }

    // The next row to answer; null when it is to stop.
    private async Task<JsonElement?> Next(CancellationToken stop)
    {
        try
        {
            return stop.IsCancellationRequested ? null : await toAnswer.Reader.ReadAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Unacknowledged rows come again, acknowledged ones do not, and new ones come after them.
    private async Task<IReadOnlyList<JsonElement>?> Drain(int wait)
    {
        var answer = await Try.Once(
            () => agent.At(node()).Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/responsive-delivery?wait={wait}"));
        if (answer is null)
        {
            return null;
        }

        Assert.True(answer is (HttpStatusCode.OK, _), $"{answer}");
        var rows = answer.Value.Json.Messages();
        var seqs = rows.Select(row => row.Seq()).ToList();
        Assert.Equal(seqs.Distinct().Order(), seqs);
        line = inDoubt.Where(seq => seq > line).Prepend(line)
            .First(possible => seqs.Take(waiting.Count(seq => seq > possible)).SequenceEqual(waiting.Where(seq => seq > possible)));
        Assert.All(seqs, seq => Assert.True(seq > line, $"{seq} was acknowledged"));
        foreach (var row in rows.Where(row => !received.Exists(known => known.Seq() == row.Seq())))
        {
            received.Add(row);
            if (row.GetProperty("reply_route").ValueKind is JsonValueKind.Object && mood.Next(3) == 0)
            {
                Assert.True(toAnswer.Writer.TryWrite(row));
            }
        }

        waiting = seqs;
        return rows;
    }

    private async Task Acknowledge(JsonElement row)
    {
        var seq = row.Seq();
        var answer = await Try.Once(() => agent.At(node()).Ack(row));
        if (answer is (HttpStatusCode.OK, var done))
        {
            Assert.Equal(seq, done.GetProperty("last_acked_seq").GetInt64());
            line = seq;
            waiting = [.. waiting.Where(other => other > seq)];
        }
        else
        {
            // Refused can only be what an earlier try may have done.
            Assert.True(
                answer is null || (answer is (HttpStatusCode.Conflict, _) && inDoubt.Exists(possible => possible >= seq)), $"{answer}");
            inDoubt.Add(seq);
        }
    }
}
