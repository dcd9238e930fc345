using System.Net;
using System.Text.Json;
using CsCheck;
using Parle.Tests.Contract;
using Parle.Tests.Laws;
using Parle.Tests.Service;

namespace Parle.Tests.Auditing;

/// The rows that each seat was shown, as its readers are told: over random histories, two sessions of a seat, and two nodes.
public class TheLedger(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    /// One step: who, at which node, reads from where (or says something, to all or to one).
    private sealed record Step(int Who, bool AtB, bool Reads, int Since, bool Direct);

    private static readonly Gen<Step[]> Histories =
        Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[0, 8], Gen.Bool,
            (who, atB, reads, since, direct) => new Step(who, atB, reads, since, direct)).Array[8, 20];

    [Fact]
    public async Task says_exactly_what_each_reader_got_and_when_and_shows_it_again()
    {
        await Histories.SampleAsync(
            async (Step[] steps) =>
            {
                var (host, readers) = await Room();
                var got = readers.Select(_ => new Dictionary<long, JsonElement>()).ToList();
                var passed = readers.Select(_ => new HashSet<long>()).ToList();
                var moments = new List<(DateTimeOffset At, List<HashSet<long>> Passed)>();
                foreach (var (step, i) in steps.Select((step, i) => (step, i)))
                {
                    var agent = step.AtB ? nodes.AtB(readers[step.Who]) : readers[step.Who];
                    if (step.Reads)
                    {
                        var page = await agent.Read(step.Since);
                        foreach (var row in page.Messages())
                        {
                            got[step.Who].TryAdd(row.Seq(), row);
                            passed[step.Who].Add(row.Seq());
                        }
                    }
                    else
                    {
                        await (await agent.Say($"{i}", to: step.Direct ? readers[(step.Who + 1) % 3].Address : null))
                            .Json(HttpStatusCode.Created);
                    }

                    moments.Add((await nodes.A.Scalar<DateTime>("select clock_timestamp()"), [.. passed.Select(seqs => seqs.ToHashSet())]));
                }

                for (var who = 0; who < 3; who++)
                {
                    var seat = await SeatOf(readers[who]);
                    // The first two are sessions of one seat.
                    var seats = Enumerable.Range(0, 3).Where(other => other == who || (who < 2 && other < 2)).ToList();
                    var ledger = await Ledger(host, seat, "?rows=true");
                    Assert.Equal(seats.SelectMany(other => passed[other]).Distinct().Order(), Positions(ledger));
                    foreach (var row in ledger.GetProperty("rows").EnumerateArray())
                    {
                        // By whichever session saw it first.
                        var reader = seats.Single(other => readers[other].SessionID == row.GetProperty("session_id").GetGuid());
                        Assert.Equal(WithoutFence(got[reader][row.Seq()]), WithoutFence(row.GetProperty("row")));
                    }

                    Assert.Equal(Positions(ledger), ledger.GetProperty("rows").EnumerateArray().Select(row => row.Seq()));
                    var (at, then) = moments[steps.Length / 2];
                    Assert.Equal(seats.SelectMany(other => then[other]).Distinct().Order(),
                        Positions(await Ledger(host, seat, $"?at={at.ToUniversalTime():yyyy-MM-ddTHH:mm:ss.ffffffZ}")));
                    Assert.Equal(Bare(ledger), Bare(await Own(readers[who])));
                }

                await TellsTheSameOfEachFact(host, readers);
            },
            iter: 4, threads: 1);
    }

    [Fact]
    public async Task is_nobody_elses_to_read()
    {
        var (host, readers) = await Room();
        await readers[2].Read();
        var (member, stranger) = (host.People[1], await nodes.A.NewPerson());
        // Has no seat of its own.
        await (await member.Get($"/v/rooms/{host.RoomID}/seats/{await SeatOf(readers[2])}/ledger")).Refuses("not_found");
        await (await stranger.Get($"/v/rooms/{host.RoomID}/seats/{await SeatOf(readers[2])}/ledger")).Refuses("not_found");
        await (await readers[0].Send(HttpMethod.Get, $"/v/rooms/{host.RoomID}/seats/{await SeatOf(readers[2])}/ledger"))
            .Refuses("invalid_auditor_token");
        await (await readers[0].Send(HttpMethod.Get, $"/v/rooms/{host.RoomID}/record/witnesses/{Guid.NewGuid()}"))
            .Refuses("invalid_auditor_token");
        Assert.Empty((await Own(readers[0])).GetProperty("rows").EnumerateArray());
        await (await host.Owner.Get($"/v/rooms/{host.RoomID}/seats/{Guid.NewGuid()}/ledger")).Refuses("not_found");
        await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record/witnesses/{Guid.NewGuid()}")).Refuses("not_found");
    }

    [Fact]
    public async Task shows_no_words_to_who_may_see_none_and_says_that_they_were_asked_for()
    {
        var (host, readers) = await Room();
        await (await readers[0].Say("between us")).Json(HttpStatusCode.Created);
        await readers[2].Read();
        var auditor = nodes.A.Client();
        var appointed = await (await host.Owner.Post($"/v/rooms/{host.RoomID}/auditors", new { contents = false }))
            .Json(HttpStatusCode.Created);
        auditor.DefaultRequestHeaders.Add("Authorization", $"Bearer {appointed.Text("token")}");
        var path = $"/v/rooms/{host.RoomID}/seats/{await SeatOf(readers[2])}/ledger";

        Assert.Equal("no_contents", (await (await auditor.GetAsync($"{path}?rows=true", TestContext.Current.CancellationToken))
            .Refuses("forbidden")).Text("reason"));
        var ledger = await (await auditor.GetAsync(path, TestContext.Current.CancellationToken)).Json(HttpStatusCode.OK);
        Assert.NotEmpty(ledger.GetProperty("rows").EnumerateArray());
        Assert.DoesNotContain("between us", ledger.GetRawText(), StringComparison.Ordinal);
        var read = Assert.Single((await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record-reads")).Json(HttpStatusCode.OK))
            .GetProperty("reads").EnumerateArray());
        Assert.Equal(("auditor", "ledger"), (read.Text("reader"), read.Text("question")));
    }

    /// The address under which a row was read is that of its day, also when the alias is gone.
    [Fact]
    public async Task knows_under_which_alias_somebody_read()
    {
        var (host, readers) = await Room();
        await readers[2].Claim("night-shift", 0);
        await (await readers[0].Say("hello")).Json(HttpStatusCode.Created);
        var row = (await readers[2].Read()).Messages()[^1];
        var agentID = await nodes.A.Scalar<Guid>("select agent_id from parle.agent_sessions where session_id = $1", readers[2].SessionID);
        await (await host.People[1]
            .Post($"/v/agents/{agentID}/session-aliases/night-shift/release/complete", new { expected_alias_generation = 1 }, "release"))
            .Json(HttpStatusCode.OK);

        var again = (await Ledger(host, await SeatOf(readers[2]), "?rows=true")).GetProperty("rows").EnumerateArray().Last()
            .GetProperty("row");
        Assert.Contains("night-shift", again.Text("content"), StringComparison.Ordinal);
        Assert.Equal(WithoutFence(row), WithoutFence(again));
    }

    // The witnesses of each fact agree with the ledgers of all seats.
    private async Task TellsTheSameOfEachFact(OwnedRoom host, IReadOnlyList<TestAgent> readers)
    {
        var seen = new HashSet<string>();
        foreach (var seat in (await Task.WhenAll(readers.Select(SeatOf))).Distinct())
        {
            seen.UnionWith((await Ledger(host, seat)).GetProperty("rows").EnumerateArray()
                .Select(row => $"{row.Text("event_id")} {seat} {row.Seq()} {row.Text("shown_at")}"));
        }

        var said = new HashSet<string>();
        foreach (var fact in (await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record")).Json(HttpStatusCode.OK)).GetProperty("facts")
            .EnumerateArray())
        {
            var witnesses = await (await host.Owner.Get($"/v/rooms/{host.RoomID}/record/witnesses/{fact.Text("event_id")}"))
                .Json(HttpStatusCode.OK);
            said.UnionWith(witnesses.GetProperty("witnesses").EnumerateArray()
                .Where(one => one.GetProperty("shown_at").ValueKind is JsonValueKind.String)
                .Select(one => $"{fact.Text("event_id")} {one.Text("seat_id")} {one.Seq()} {one.Text("shown_at")}"));
        }

        Assert.Equal(seen.Order(), said.Order());
    }

    private async Task<JsonElement> Ledger(OwnedRoom host, Guid seat, string query = "") =>
        await (await host.Owner.Get($"/v/rooms/{host.RoomID}/seats/{seat}/ledger{query}")).Json(HttpStatusCode.OK);

    private static async Task<JsonElement> Own(TestAgent agent) =>
        await (await agent.Send(HttpMethod.Get, $"/v/rooms/{agent.RoomID}/ledger")).Json(HttpStatusCode.OK);

    private static IEnumerable<long> Positions(JsonElement ledger) => ledger.GetProperty("shown").EnumerateArray().SelectMany(range =>
        Enumerable.Range((int)range.GetProperty("from").GetInt64(),
            (int)(range.GetProperty("upto").GetInt64() - range.GetProperty("from").GetInt64() + 1)).Select(seq => (long)seq));

    // The same to whoever asks, but for the moment of asking and the rows themselves.
    private static string Bare(JsonElement ledger) => ledger.GetProperty("shown").GetRawText() + string.Concat(
        ledger.GetProperty("rows").EnumerateArray().SelectMany(
            row => row.EnumerateObject().Where(member => member.Name is not "row").Select(member => member.Value.GetRawText())));

    private static string WithoutFence(JsonElement row) =>
        row.Text("fence") is { } fence ? row.GetRawText().Replace(fence, "fence", StringComparison.Ordinal) : row.GetRawText();

    private Task<Guid> SeatOf(TestAgent agent) =>
        nodes.A.Scalar<Guid>("select seat_id from parle.participants where participant_id = $1", agent.ParticipantID);

    /// A room of an owner with two sessions of one agent's, and one of another's.
    private async Task<(OwnedRoom Host, IReadOnlyList<TestAgent> Readers)> Room()
    {
        var host = await nodes.A.NewOwnedRoom(2);
        var second = new TestAgent(nodes.A.Client(), host.RoomID, host.Agents[0].Token);
        await second.StartSession();
        await second.Enter();
        return (host, [host.Agents[0], second, host.Agents[1]]);
    }
}
