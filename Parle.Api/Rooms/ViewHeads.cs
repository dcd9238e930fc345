using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Api.Rooms;

/// <summary>Where a reader's view stands at one moment, seen from its cursor.</summary>
/// <param name="Seq">The last place of the view.</param>
/// <param name="Common">How many common rows the room has.</param>
/// <param name="Erased">The version of the fact that last erased words of the room; 0 when none did.</param>
/// <param name="After">The common row that lies last before the cursor.</param>
/// <param name="Number">How many private rows of the view lie before the cursor.</param>
/// <param name="NextPrivate">After which common row the first private one beyond the cursor stands; null when there is none.</param>
public sealed record ViewHead(long Seq, long Common, long Erased, long After, long Number, long? NextPrivate);

/// <summary>
/// Finds out where views stand. It is looked up for every read, so that what is held in memory is shown only as long as it is
/// true, on every node; what makes it cheap is that all reads that wait at the same moment share one query.
/// </summary>
public sealed class ViewHeads(NpgsqlDataSource database) : BackgroundService
{
    private const int MaxTogether = 128;

    // One by one through the indexes ("limit 1"): the plan is made while the tables are small, and must hold when they are not.
    private const string Sql = """
        select q.i, coalesce(head.common, 0), coalesce(erased.version, 0), coalesce(seen.number, 0), coalesce(own.number, 0), next.after
        from unnest($1, $2, $3) with ordinality as q(room_id, seat_id, seq, i)
        left join lateral (select common from parle.timeline_rows r where r.room_id = q.room_id and r.common is not null order by r.common desc limit 1) as head on true
        left join lateral (select version from parle.erasures e where e.room_id = q.room_id order by e.version desc limit 1) as erased on true
        left join lateral (select number from parle.timeline_private p where p.seat_id = q.seat_id and p.seq <= q.seq order by p.seq desc limit 1) as seen on true
        left join lateral (select number from parle.timeline_private p where p.seat_id = q.seat_id order by p.number desc limit 1) as own on true
        left join lateral (select after from parle.timeline_private p where p.seat_id = q.seat_id and p.number = coalesce(seen.number, 0) + 1 limit 1) as next on own.number is not null
        """;

    private readonly Channel<Question> questions = Channel.CreateUnbounded<Question>(new() { SingleReader = true });

    /// <summary>Where the view of a seat stands now, seen from the cursor <paramref name="since"/>.</summary>
    public Task<ViewHead> Find(Guid roomID, Guid seatID, long before, long since)
    {
        var question = new Question(roomID, seatID, before, since, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return questions.Writer.TryWrite(question) ? question.Answer.Task : Task.FromException<ViewHead>(new TimeoutException("The service is stopping."));
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
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = waiting.Select(question => question.RoomID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = waiting.Select(question => question.SeatID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = waiting.Select(question => question.Since).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
        });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var question = waiting[(int)rows.GetInt64(0) - 1];
            var (common, seen, own) = (rows.GetInt64(1), rows.GetInt64(3), rows.GetInt64(4));
            question.Answer.TrySetResult(new(
                common - question.Before + own, common, rows.GetInt64(2), question.Before + question.Since - seen, seen, rows.IsDBNull(5) ? null : rows.GetInt64(5)));
        }
    }

    private sealed record Question(Guid RoomID, Guid SeatID, long Before, long Since, TaskCompletionSource<ViewHead> Answer);
}
