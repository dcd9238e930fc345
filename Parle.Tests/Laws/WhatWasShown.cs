using System.Net;
using System.Text.Json;
using CsCheck;
using Npgsql;
using Parle.Domain.Rooms;
using Parle.Tests.Service;

namespace Parle.Tests.Laws;

/// Recorded before disclosed: over every surface that shows rows, both sessions of a seat, and two nodes.
public class WhatWasShown(TestCluster cluster, TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const int Peer = 2, Surfaces = 4;

    /// One read: by which session, at which node, on which surface, from where; and how much is said before it.
    private sealed record Look(int Session, bool AtB, int Surface, int Since, int Said);

    private sealed record Line(long From, long Upto, Guid SessionID, DateTimeOffset At)
    {
        public bool Covers(long seq) => From <= seq && seq <= Upto;
    }

    private static readonly Gen<Look[]> Reads =
        Gen.Select(Gen.Int[0, 1], Gen.Bool, Gen.Int[0, Surfaces - 1], Gen.Int[0, 12], Gen.Int[0, 2],
            (session, atB, surface, since, said) => new Look(session, atB, surface, since, said)).Array[6, 16];

    [Fact]
    public async Task is_on_the_record_before_it_is_shown_and_only_once()
    {
        await Reads.SampleAsync(
            async (Look[] reads) =>
            {
                var (agents, seatID) = await Seat();
                var passed = new HashSet<long>();
                var words = 0;
                foreach (var read in reads)
                {
                    for (var i = 0; i < read.Said; i++, words++)
                    {
                        // To all, to one session or to the other; and the seat's own words.
                        await (await agents[words % 5 == 4 ? 0 : Peer]
                            .Say($"{words}", to: words % 3 == 0 ? agents[words % 2].Address : null)).Json(HttpStatusCode.Created);
                    }

                    var before = await Lines(seatID);
                    var (shown, upto) = await Show(agents, read);
                    var after = await Lines(seatID);
                    Assert.All(shown, seq => Assert.Contains(after, line => line.Covers(seq)));
                    Assert.All(before, line => Assert.Contains(line, after));
                    if (shown.Count == 0)
                    {
                        Assert.Equal(before, after);
                    }

                    // Rows that a page skips are told as skipped; nothing else may be claimed as shown.
                    passed.UnionWith(shown);
                    for (var seq = read.Since + 1L; read.Surface < 3 && seq <= upto; seq++)
                    {
                        passed.Add(seq);
                    }

                    Assert.All(after, line => Assert.All(
                        Enumerable.Range((int)line.From, (int)(line.Upto - line.From + 1)), seq => Assert.Contains(seq, passed)));

                    await Show(agents, read);
                    Assert.Equal(after, await Lines(seatID));
                }
            },
            iter: 4, threads: 1);
    }

    /// Many who read at once share lines, and each waits for its own.
    [Fact]
    public async Task is_on_the_record_also_when_many_read_at_once()
    {
        await Reads.SampleAsync(
            async (Look[] reads) =>
            {
                var (agents, seatID) = await Seat();
                for (var i = 0; i < 8; i++)
                {
                    await (await agents[Peer].Say($"{i}", to: i % 3 == 0 ? agents[i % 2].Address : null)).Json(HttpStatusCode.Created);
                }

                await Task.WhenAll(reads.Select(async read =>
                {
                    var (shown, _) = await Show(agents, read);
                    var lines = await Lines(seatID);
                    Assert.All(shown, seq => Assert.Contains(lines, line => line.Covers(seq)));
                }));
            },
            iter: 4, threads: 1);
    }

    /// A ledger that cannot be written keeps everybody waiting, and is no reason to show anything.
    [Fact]
    public async Task waits_for_its_record()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var reader = await WithSomethingToRead(service);
        await using var holding = new NpgsqlConnection(service.ConnectionString);
        await holding.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holding.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var lockTable = new NpgsqlCommand("lock table parle.disclosures in exclusive mode", holding);
        await lockTable.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var reading = reader.Read();
        await Crash.Until.Holds(async () => await service.Scalar<bool>(
            "select exists (select from pg_locks where relation = 'parle.disclosures'::regclass and not granted)"));
        Assert.False(reading.IsCompleted);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty((await reading).Messages());
    }

    [Fact]
    public async Task is_nothing_when_it_cannot_be_recorded()
    {
        await using var service = await ParleService.Start(await cluster.NewDatabase());
        var reader = await WithSomethingToRead(service);
        await service.Rows("alter table parle.disclosures rename to away", _ => 0);

        foreach (var surface in (string[])["projection", "inbound", "responsive-delivery"])
        {
            var answer = await reader.Send(HttpMethod.Get, $"/v/rooms/{reader.RoomID}/{surface}");
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable, text);
            Assert.Equal(["error"], JsonElement.Parse(text).EnumerateObject().Select(member => member.Name));
            Assert.DoesNotContain("the secret", text, StringComparison.Ordinal);
        }

        using (var stream = await Frames.OfRoom(reader, 0))
        {
            Assert.Empty(await UpToTheBreak(stream));
        }

        await service.Rows("alter table parle.away rename to disclosures", _ => 0);
        Assert.Contains("the secret", (await reader.Read()).Messages().Select(row => row.Body()));
    }

    private async Task<(TestAgent[] Agents, Guid SeatID)> Seat()
    {
        var room = await nodes.A.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        var other = new TestAgent(nodes.A.Client(), room.RoomID, room.Agents[0].Token);
        await other.StartSession();
        await other.Enter();
        return ([room.Agents[0], other, room.Agents[1]],
            await nodes.A.Scalar<Guid>("select seat_id from parle.participants where participant_id = $1", other.ParticipantID));
    }

    private async Task<(IReadOnlyList<long> Shown, long Upto)> Show(TestAgent[] agents, Look look)
    {
        var agent = look.AtB ? nodes.AtB(agents[look.Session]) : agents[look.Session];
        if (look.Surface == 3)
        {
            return await Stream(agent, look.Since);
        }

        var page = look.Surface == 2
            ? await agent.Drain()
            : await (await agent.Send(
                HttpMethod.Get, $"/v/rooms/{agent.RoomID}/{(look.Surface == 0 ? "projection" : "inbound")}?since_seq={look.Since}"))
                .Json(HttpStatusCode.OK);
        var shown = page.Messages().Select(row => row.Seq()).ToList();
        return (shown, look.Surface == 2 || shown.Count == 0 ? 0 : page.GetProperty("watermark").GetInt64());
    }

    // The head is learnt from the database: a read would show what the stream is to be the first to show.
    private async Task<(IReadOnlyList<long> Shown, long Upto)> Stream(TestAgent agent, long since)
    {
        var head = await nodes.A.Scalar<long>(
            """
            select (select count(*) from parle.timeline_rows r where r.room_id = s.room_id and r.common > s.since) + (select count(*) from parle.timeline_private p where p.seat_id = s.seat_id)
            from parle.participants p join parle.seats s using (seat_id) where p.participant_id = $1
            """,
            agent.ParticipantID);
        var shown = new List<long>();
        using (var stream = await Frames.OfRoom(agent, since))
        {
            for (var seq = since; seq < head; seq++)
            {
                shown.Add(Frames.Row((await stream.Next())!).Seq());
            }
        }

        await nodes.Forget(agent);
        return (shown, head);
    }

    private Task<IReadOnlyList<Line>> Lines(Guid seatID) => nodes.A.Rows(
        "select from_seq, upto_seq, session_id, shown_at from parle.disclosures where seat_id = $1 order by shown_at, from_seq, upto_seq",
        row => new Line(row.GetInt64(0), row.GetInt64(1), row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(3)), seatID);

    private static async Task<TestAgent> WithSomethingToRead(ParleService service)
    {
        var room = await service.NewRoomWithPresent(History.FromAdmission, History.FromAdmission);
        await (await room.Agents[0].Say("the secret", to: room.Agents[1].Address)).Json(HttpStatusCode.Created);
        return room.Agents[1];
    }

    private static async Task<IReadOnlyList<string>> UpToTheBreak(Frames stream)
    {
        var frames = new List<string>();
        try
        {
            while (await stream.Next() is { } frame)
            {
                frames.Add(frame);
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or PostgresException)
        {
            // The stream has no other way to say that something is wrong.
        }

        return frames;
    }
}
