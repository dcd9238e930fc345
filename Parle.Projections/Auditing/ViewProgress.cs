using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>The progress of an asynchronous view.</summary>
/// <param name="Upto">The position in the whole record up to which it has every fact.</param>
/// <param name="Behind">The number of facts it has not processed yet; counting ends at <see cref="CountedAtMost"/>.</param>
/// <param name="SecondsBehind">The age of the oldest of these facts in seconds; 0 when there is none.</param>
/// <param name="StoppedAt">The fact it cannot process; null while it makes progress.</param>
/// <param name="StoppedBecause">The reason, in a word.</param>
public sealed record ViewProgress(long Upto, long Behind, double SecondsBehind, long? StoppedAt, string? StoppedBecause)
{
    /// <summary>A longer backlog is not counted further.</summary>
    public const int CountedAtMost = 10_000;

    /// <summary>
    /// The name of the high-water mark, kept by Marten: below it no event can still commit. Events are numbered before they commit, and not
    /// in the order of commits.
    /// </summary>
    public const string Record = "HighWaterMark";

    private const string Sql = """
        with kept as materialized (
            select coalesce(max(p.last_seq_id), 0) as upto, max(p.failure_event_sequence) filter (where p.agent_status = 'Paused') as stopped_at,
                   max(coalesce(p.failure_category, 'Other')) filter (where p.agent_status = 'Paused') as because
            from parle.mt_event_progression p where p.name = $1
        )
        select k.upto,
               (select count(*) from (select from parle.mt_events e where e.seq_id > k.upto and e.type <> 'tombstone' limit $2) as missing) as behind,
               coalesce((select greatest(extract(epoch from clock_timestamp() - e.timestamp), 0)::double precision
                         from parle.mt_events e where e.seq_id > k.upto and e.type <> 'tombstone' order by e.seq_id limit 1), 0) as seconds_behind,
               k.stopped_at, k.because
        from kept k
        """;

    /// <summary>The position of the newest fact in the whole record; 0 for none.</summary>
    public static Task<long> LastPosition(NpgsqlDataSource database, CancellationToken cancellation) =>
        database.Scalar<long>("select coalesce(max(seq_id), 0)::bigint from parle.mt_events", cancellation);

    /// <summary>Queries the progress.</summary>
    /// <param name="database">The database of the record.</param>
    /// <param name="shard">The view's progress, e.g. <see cref="RoomSummaries.Shard"/>, or <see cref="Record"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ViewProgress> Read(NpgsqlDataSource database, string shard, CancellationToken cancellation) =>
        (await database.Rows(Sql, row => new ViewProgress(
            row.Get<long>("upto"), row.Get<long>("behind"), Math.Round(row.Get<double>("seconds_behind"), 3),
            row.Get<long?>("stopped_at"), row.Get<string?>("because")), cancellation, shard, CountedAtMost))[0];
}
