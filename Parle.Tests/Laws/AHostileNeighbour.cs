using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Parle.Api.Callers;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Law 10, over random histories: what is done beside others, whatever it is, takes from them nothing that they may.
public class AHostileNeighbour(TestCluster cluster)
{
    private const int Honest = 3;

    /// Small bounds, so that a flood of a few dozen requests is one.
    private static readonly (string Name, string Value)[] Bounds =
    [
        ("TokenRequestsPerSecond", "40"), ("TokenBurst", "80"), ("RoomRequestsPerSecond", "120"), ("RoomBurst", "240"),
        ("TurnsPerPair", "20"), ("TokensPerPrincipal", "20"), ("OpenAsksPerSeat", "30"), ("FactsPerAsk", "20"),
        ("JoinGuessesPerMinute", "5"), ("WrongCredentialsPerMinute", "20"), ("HeldPerToken", "16"), ("HeldPerPrincipal", "24"),
        ("HeldPerNode", "64"),
    ];

    /// One step: which of the honest ones does what, and what is done beside it.
    private sealed record Step(int Who, int What, int Beside);

    private static readonly Gen<Step[]> Histories = Gen.Select(
        Gen.Int[0, Honest - 1], Gen.Int[0, 6], Gen.Int[0, 8], (who, what, beside) => new Step(who, what, beside)).Array[12, 16];

    [Fact]
    public async Task makes_no_permitted_act_of_others_fail()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase(),
            [.. Bounds.Select(bound => ($"Parle:Limits:{bound.Name}", bound.Value)), ("Parle:LiveSessions", "6")]);
        var refused = 0;
        await Histories.SampleAsync(
            async (Step[] steps) =>
            {
                var alone = await Walk(service, steps, hostile: false);
                var beside = await Walk(service, steps, hostile: true);
                refused += beside.Refused;
                foreach (var (i, (without, with)) in alone.Answers.Zip(beside.Answers).Index())
                {
                    Assert.True((int)without >= 300 || without == with,
                        $"step {i}, {steps[i]}: {without} alone, {with} beside a hostile principal");
                }
            },
            iter: 3, threads: 1);

        Assert.True(refused > 0); // Else nothing was a flood.
    }

    private static async Task<(IReadOnlyList<HttpStatusCode> Answers, int Refused)> Walk(ParleService service, Step[] steps, bool hostile)
    {
        var room = await service.NewRoomWithPresent([.. Enumerable.Repeat(History.FromAdmission, Honest + 1)]);
        var (honest, mallory) = (room.Agents.Take(Honest).ToList(),
            new Mallory(service, room.Agents[Honest], [.. room.Agents.Take(Honest)]));
        var asks = new List<(Guid ID, TestAgent For)>();
        var answers = new List<HttpStatusCode>();
        foreach (var step in steps)
        {
            var harm = hostile ? mallory.Does(step.Beside) : Task.CompletedTask;
            answers.Add(await Act(honest, step, asks));
            await harm;
            // During it, and right after it.
            answers[^1] = answers[^1] is var first && (int)first >= 300 ? first : await Act(honest, step, asks);
        }

        mallory.LetGo();
        return (answers, mallory.Refused);
    }

    private static async Task<HttpStatusCode> Act(List<TestAgent> honest, Step step, List<(Guid ID, TestAgent For)> asks)
    {
        var (agent, other) = (honest[step.Who], honest[(step.Who + 1) % Honest]);
        switch (step.What)
        {
            case 0: return await Status(agent.Say("to all"));
            case 1: return await Status(agent.Say("to one", to: other.Address));
            case 2:
                using (var opened = await agent.Send(
                    HttpMethod.Post, $"/v/rooms/{agent.RoomID}/asks",
                    $$$"""{"kind":"help","title":"Help","request":{"question":"How?"},"addressing":{"audience":"direct","to":"{{{other.Address}}}"}}""",
                    Guid.NewGuid().ToString()))
                {
                    if (opened.StatusCode is HttpStatusCode.Created)
                    {
                        asks.Add(((await opened.Json(HttpStatusCode.Created)).GetProperty("ask_id").GetGuid(), other));
                    }

                    return opened.StatusCode;
                }

            case 3 when asks.FindIndex(ask => ask.For == agent) is var found and >= 0:
                var ask = asks[found].ID;
                asks.RemoveAt(found);
                return await Status(agent.Send(HttpMethod.Post, $"/v/rooms/{agent.RoomID}/asks/{ask}/answer",
                    """{"answer":{"text":"So."}}""", Guid.NewGuid().ToString()));
            case 4: return await Status(agent.Send(HttpMethod.Get, $"{agent.Projection}?since_seq=0&wait=1"));
            case 5: return await Status(agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/affordances"));
            default: return await Status(agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/responsive-delivery"));
        }
    }

    private static async Task<HttpStatusCode> Status(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        return answer.StatusCode;
    }

    /// A principal with a seat like the others', that wishes them ill.
    private sealed class Mallory(ParleService service, TestAgent agent, IReadOnlyList<TestAgent> others)
    {
        private readonly List<HttpResponseMessage> held = [];
        private int refused;

        public int Refused => refused;

        public Task Does(int what) => what switch
        {
            0 => Many(60, _ => agent.Say("flood")),
            1 => Many(40, i => agent.Say("you there", to: others[i % others.Count].Address)),
            2 => Many(10, _ => agent.Send(HttpMethod.Post, "/v/agent/sessions", "{}")),
            3 => Many(20, _ => agent.Send(HttpMethod.Post, $"/v/rooms/{agent.RoomID}/asks",
                JsonSerializer.Serialize(new { kind = "help", title = "Everybody", request = new { question = new string('x', 30_000) } }),
                Guid.NewGuid().ToString())),
            4 =>
                Many(30, i => agent.Send(HttpMethod.Post, $"/v/rooms/{agent.RoomID}/asks", Bad[i % Bad.Length], Guid.NewGuid().ToString())),
            5 => Many(60, _ => Stranger(HttpMethod.Get, "/v/agent/self", null)),
            6 => Many(20, _ => Stranger(
                HttpMethod.Post, "/v/join", $$"""{"key":"{{CredentialKind.JoinKey.Mint().Reveal()}}","agent_handle":"mallory"}""")),
            7 => Children(),
            _ => Many(20, _ => Hold()),
        };

        /// Ends what it held open.
        public void LetGo() => held.ForEach(answer => answer.Dispose());

        private static readonly string[] Bad =
        [
            """{"kind":"help","title":"t","request":{"question":"q"},"due_at":"2027-01-01T00:00:00+02:00"}""",
            """{"kind":"help","title":"t","request":{"question":"q"},"due_at":"infinity"}""",
            """{"kind":"help","title":"a\u0000b","request":{"question":"q\u0000"}}""",
            """{"kind":"help","title":"t","request":{"question":"q"},"addressing":{"audience":"direct","to":"@@"}}""",
            """{"kind":"approval","title":"t","request":{"action":"a"},"quorum":999999999999999999999}""", "[[[[[[[[",
        ];

        private async Task Children()
        {
            using var minted = await agent.Send(HttpMethod.Post, "/v/agent/tokens", "{}");
            if (minted.StatusCode is not HttpStatusCode.Created)
            {
                return;
            }

            var child = new TestAgent(
                service.Client(), agent.RoomID, (await minted.Json(HttpStatusCode.Created)).GetProperty("token").GetString()!);
            await Task.WhenAll(Many(40, _ => child.Send(HttpMethod.Get, "/v/agent/self")),
                Many(12, _ => child.Send(HttpMethod.Post, "/v/agent/sessions", "{}")),
                Many(20, _ => child.Send(HttpMethod.Post, "/v/agent/tokens", "{}")));
        }

        private async Task<HttpResponseMessage> Hold()
        {
            var answer = await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/stream");
            lock (held)
            {
                held.Add(answer);
            }

            return answer;
        }

        private async Task<HttpResponseMessage> Stranger(HttpMethod method, string path, string? json)
        {
            using var client = service.Client();
            using var request = new HttpRequestMessage(method, path)
            { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation(
                "Authorization", json is null ? $"Bearer {CredentialKind.AgentToken.Mint().Reveal()}" : null);
            request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
            return await client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        private async Task Many(int times, Func<int, Task<HttpResponseMessage>> one)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, times).Select(one));
            Interlocked.Add(ref refused, answers.Count(answer => answer.StatusCode is HttpStatusCode.TooManyRequests));
            Array.ForEach(answers, answer => _ = held.Contains(answer) ? answer : Disposed(answer));
        }

        private static HttpResponseMessage Disposed(HttpResponseMessage answer)
        {
            answer.Dispose();
            return answer;
        }
    }
}
