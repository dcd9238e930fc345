using System.Net;
using System.Text.Json;
using Parle.Domain.Asks;
using Parle.Tests.Contract;
using Parle.Tests.Service;

namespace Parle.Tests.Asks;

/// Agents that do what the guide says: they wait on their queues, in the compact form, and do what an entry waits for.
public class TheLeastRequests(TestCluster cluster)
{
    /// One for each act, and one for each time that somebody has to learn of something.
    private const int AskClaimAnswerAccept = 6, AskDecideTwiceConsume = 7;

    public static TheoryData<string> Kinds => [.. AskKinds.All.Select(kind => kind.Word)];

    [Theory, MemberData(nameof(Kinds))]
    public async Task carry_out_an_ask(string kind)
    {
        var room = await cluster.Room(3);
        var isDecided = AskKinds.Find(kind)!.IsDecided;
        var asker = new Worker(room.Agents[0]);
        Worker[] others = isDecided ? [new(room.Agents[1]), new(room.Agents[2])] : [new(room.Agents[1])];
        var serving = others.Select(other => other.Serve()).ToList();

        await asker.Sends($"{room.Agents[0].AsksOf()}", isDecided ? Asking.Approval(quorum: 2) : Asking.Of(kind));
        await Task.WhenAll([.. serving, asker.Serve()]);

        var (sent, least) = (asker.Requests + others.Sum(other => other.Requests),
            isDecided ? AskDecideTwiceConsume : AskClaimAnswerAccept);
        Assert.True(sent <= 1.3 * least, $"{kind}: {sent} requests where {least} would do.");
    }

    private sealed class Worker(TestAgent agent)
    {
        public int Requests { get; private set; }

        /// Waits for work, and does it until nothing more can be wanted.
        public async Task Serve()
        {
            while (true)
            {
                var queue = await Gets($"/v/rooms/{agent.RoomID}/responsive-delivery?wait=30&form=compact");
                if (queue.GetProperty("rows").EnumerateArray().ToList() is [var entry, ..] && await Does(entry))
                {
                    return;
                }
            }
        }

        private async Task<bool> Does(JsonElement entry)
        {
            var ask = $"{agent.AsksOf()}/{entry.GetProperty("waits_for").GetProperty("ask_id").GetGuid()}";
            var (kind, sha256) = (entry.GetProperty("ask").Text("kind"),
                entry.GetProperty("ask").TryGetProperty("subject_sha256", out var digest) ? digest.GetString() : null);
            switch (entry.GetProperty("waits_for").GetProperty("acts")[0].GetString())
            {
                case "claim_ask":
                    await Sends($"{ask}/claim", new { });
                    var answer = AskExamples.Of(AskShapes.AnswerOf(AskKinds.Find(kind)!.Kind), sha256);
                    await Sends($"{ask}/answer", new { answer });
                    return true;
                case "decide_approval":
                    await Sends($"{ask}/decide", new { decision = "approve", sha256 });
                    return true;
                case "accept_answer":
                    await Sends($"{ask}/accept", new { });
                    return true;
                case "consume_approval":
                    await Sends($"{ask}/consume", new { sha256 });
                    return true;
                case var other:
                    throw new InvalidOperationException($"{other} was not foreseen.");
            }
        }

        public async Task Sends(string path, object body)
        {
            Requests++;
            await (await agent.Send(HttpMethod.Post, path, JsonSerializer.Serialize(body), $"{Guid.NewGuid()}"))
                .Json(HttpStatusCode.Created);
        }

        private async Task<JsonElement> Gets(string path)
        {
            Requests++;
            return await (await agent.Send(HttpMethod.Get, path)).Json(HttpStatusCode.OK);
        }
    }
}
