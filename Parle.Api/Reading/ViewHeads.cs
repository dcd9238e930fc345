using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>Where a reader's view stands at one moment, seen from its cursor.</summary>
/// <param name="Seq">The last place of the view.</param>
/// <param name="Common">How many common rows the room has.</param>
/// <param name="Erased">The version of the fact that last erased words of the room; 0 when none did.</param>
/// <param name="After">The common row that lies last before the cursor.</param>
/// <param name="Number">How many private rows of the view lie before the cursor.</param>
/// <param name="NextPrivate">After which common row the first private one beyond the cursor stands; null when there is none.</param>
/// <param name="IsOver">Whether a reader that waited has lost its seat, or the room is archived: nothing that came is for it any
/// more.</param>
public sealed record ViewHead(long Seq, long Common, long Erased, long After, long Number, long? NextPrivate, bool IsOver);

/// <summary>
/// Finds out where views stand. It is looked up for every read, so that what is held in memory is shown only as long as it is
/// true, on every node; what makes it cheap is that all reads that wait at the same moment share one query. To those who waited
/// for it most often one row has come: that they are shown it is then written down in the same round trip, which also fetches the row.
/// </summary>
public sealed class ViewHeads(NpgsqlDataSource database, RecentRows recent, Disclosures disclosures, TimeProvider clock) : BackgroundService
{
    private const int MaxTogether = 128;

    // "limit 1" makes the planner use an index for each row, also in a plan that is cached while the tables are small.
    // "(select $1)" hides the array's length, so PostgreSQL keeps one generic plan.
    private const string Columns = "q.i, coalesce(head.common, 0) as common, coalesce(erased.version, 0) as erased, coalesce(seen.number, "
        + "0) as seen, coalesce(own.number, 0) as own, next.after";

    private const string Heads = """
        from unnest((select $1), (select $2), (select $3), (select $4), (select $5)) with ordinality as q(room_id, seat_id, seq, before, session_id, i)
        left join lateral (select common from parle.timeline_rows r where r.room_id = q.room_id and r.common is not null order by r.common desc limit 1) as head on true
        left join lateral (select version from parle.erasures e where e.room_id = q.room_id order by e.version desc limit 1) as erased on true
        left join lateral (select number from parle.timeline_private p where p.seat_id = q.seat_id and p.seq <= q.seq order by p.seq desc limit 1) as seen on true
        left join lateral (select number from parle.timeline_private p where p.seat_id = q.seat_id order by p.number desc limit 1) as own on true
        left join lateral (select after from parle.timeline_private p where p.seat_id = q.seat_id and p.number = coalesce(seen.number, 0) + 1 limit 1) as next on own.number is not null
        """;

    private const string HeadsSql = $"select {Columns} {Heads}";

    // One row always fits a page; of more, only those who spell them know how many do. The line touches what was shown before, as all
    // lines do, see Disclosures. Whether the reader still has its seat is seen in the same moment as what there is to show.
    private const string ShowOneSql = $"""
        with looked as materialized (
            select {Columns}, q.seat_id, q.seq, q.before, q.session_id, q.session_id is not null and (seat.seat_id is null or room.room_id is null) as is_over
            {Heads}
            left join lateral (select seat_id from parle.seats s where s.seat_id = q.seat_id and s.removed_at is null limit 1) as seat on q.session_id is not null
            left join lateral (select room_id from parle.rooms r where r.room_id = q.room_id and r.archived_at is null limit 1) as room on q.session_id is not null
        ), one as materialized (
            select l.i, l.seat_id, l.session_id, l.seq + 1 as seq, coalesce(touching.from_seq, l.seq + 1) as from_seq, coalesce(touching.upto_seq > l.seq, false) as is_shown
            from looked l
            cross join lateral (
                select min(d.from_seq) as from_seq, max(d.upto_seq) as upto_seq from parle.disclosures d
                where d.seat_id = l.seat_id and d.upto_seq >= l.seq and d.from_seq <= l.seq + 1) as touching
            where l.session_id is not null and l.common - l.before + l.own = l.seq + 1 and not l.is_over
        ), written as (
            insert into parle.disclosures (seat_id, from_seq, upto_seq, session_id, shown_at)
            select seat_id, from_seq, seq, session_id, $6 from one where not is_shown
            on conflict do nothing
        )
        select l.i, l.common, l.erased, l.seen, l.own, l.after, l.is_over, one.from_seq from looked l left join one on one.i = l.i
        """;

    private readonly Channel<Question> questions = Channel.CreateUnbounded<Question>(new() { SingleReader = true });

    /// <summary>Where the view of a seat stands now, seen from a cursor.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="seat">The seat.</param>
    /// <param name="since">The cursor.</param>
    /// <param name="waiting">The session that waits there for what comes; null when the reader does not wait.</param>
    public Task<ViewHead> Find(Guid roomID, CallerSeat seat, long since, Guid? waiting)
    {
        var question = new Question(roomID, seat, since, waiting, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return questions.Writer.TryWrite(question)
            ? question.Answer.Task : Task.FromException<ViewHead>(new TimeoutException("The service is stopping."));
    }

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        questions.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = new List<Question>(MaxTogether);
        while (await questions.Reader.WaitToReadAsync(CancellationToken.None))
        {
            waiting.Clear();
            while (waiting.Count < MaxTogether && questions.Reader.TryRead(out var question))
            {
                waiting.Add(question);
            }

            try
            {
                await Answer(waiting);
            }
            catch (Exception failure) // Whatever it is, it belongs to those who wait, and the next ones get their own try.
            {
                waiting.ForEach(question => question.Answer.TrySetException(failure));
            }
        }
    }

    private async Task Answer(List<Question> waiting)
    {
        var newest = waiting.Where(question => question.SessionID is not null).Select(question => question.RoomID).Distinct()
            .Select(recent.NewerThanHeld).OfType<NewestRows>().ToList();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Look(waiting));
        newest.ForEach(rows => batch.BatchCommands.Add(rows.Command));
        var heads = new List<(Question Question, ViewHead Head, long? ShownFrom)>(waiting.Count);
        await using (var results = await batch.ExecuteReaderAsync())
        {
            while (await results.ReadAsync())
            {
                heads.Add(Read(results, waiting));
            }

            foreach (var rows in newest)
            {
                await results.NextResultAsync();
                await rows.Read(results);
            }

            await results.NextResultAsync(); // The commit comes after the last row.
        }

        foreach (var rows in newest)
        {
            await recent.Hold(rows);
        }

        foreach (var (question, head, shownFrom) in heads)
        {
            if (shownFrom is { } from)
            {
                disclosures.Remember(question.Seat.SeatID, new(from, head.Seq));
            }

            question.Answer.TrySetResult(head);
        }
    }

    private NpgsqlBatchCommand Look(List<Question> waiting)
    {
        var showsOne = waiting.Exists(question => question.SessionID is not null);
        var look = new NpgsqlBatchCommand(showsOne ? ShowOneSql : HeadsSql)
        {
            Parameters =
            {
                new()
                { Value = waiting.Select(question => question.RoomID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new()
                {
                    Value = waiting.Select(question => question.Seat.SeatID).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid
                },
                new()
                { Value = waiting.Select(question => question.Since).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new()
                {
                    Value = waiting.Select(question => question.Seat.Since).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint
                },
                new()
                { Value = waiting.Select(question => question.SessionID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
        if (showsOne)
        {
            look.Parameters.Add(new() { Value = clock.GetUtcNow(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        }

        return look;
    }

    private static (Question Question, ViewHead Head, long? ShownFrom) Read(NpgsqlDataReader row, List<Question> waiting)
    {
        var question = waiting[(int)row.GetInt64(0) - 1];
        var (common, seen, own, before) = (row.GetInt64(1), row.GetInt64(3), row.GetInt64(4), question.Seat.Since);
        var showsOne = row.FieldCount > 6;
        var head = new ViewHead(
            common - before + own, common, row.GetInt64(2), before + question.Since - seen, seen, row.IsDBNull(5) ? null : row.GetInt64(5),
            IsOver: showsOne && row.GetBoolean(6));
        return (question, head, showsOne && !row.IsDBNull(7) ? row.GetInt64(7) : null);
    }

    private sealed record Question(Guid RoomID, CallerSeat Seat, long Since, Guid? SessionID, TaskCompletionSource<ViewHead> Answer);
}
