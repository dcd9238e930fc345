using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>One access to a room's record.</summary>
/// <param name="EventID">The fact that records it.</param>
/// <param name="ReaderKind"><c>owner</c>, <c>auditor</c> or <c>operator</c>.</param>
/// <param name="ReaderID">The reader.</param>
/// <param name="Question">The action it used.</param>
/// <param name="From">The first version shown; 0 where it is not known.</param>
/// <param name="To">The last version shown.</param>
/// <param name="Contents">Whether contents were shown.</param>
/// <param name="ReadAt">The time.</param>
/// <param name="Filter">The filter as stored, JSON; null for none.</param>
/// <param name="Facts">The number of facts that a filter found; null without one.</param>
public sealed record RecordReadRow(
    Guid EventID, string ReaderKind, Guid ReaderID, string Question, long From, long To, bool Contents, DateTimeOffset ReadAt,
    string? Filter, long? Facts);

/// <summary>"Who read this room's record?" See <see cref="AuditReaders"/>.</summary>
public static class RecordReads
{
    private const string Sql = """
        select q.event_id,
               case when exists (select from parle.operators o where o.operator_id = q.reader_id) then 'operator'
                    when exists (select from parle.auditors a where a.auditor_id = q.reader_id) then 'auditor'
                    else 'owner' end as reader_kind,
               q.reader_id, q.question, q.from_version, q.to_version, q.contents, q.read_at, q.filter::text as filter, q.facts
        from parle.record_reads q where q.room_id = $1 and q.event_id > $2 order by q.event_id limit $3
        """;

    /// <summary>The accesses to a room's record, oldest first.</summary>
    /// <param name="database">The database of the views.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="after">The cursor: only accesses after this one.</param>
    /// <param name="limit">Most rows of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<RecordReadRow>> OfRoom(
        NpgsqlDataSource database, Guid roomID, Guid after, int limit, CancellationToken cancellation) => database.Rows(
            Sql, row => new RecordReadRow(
                row.Get<Guid>("event_id"), row.Get<string>("reader_kind"), row.Get<Guid>("reader_id"), row.Get<string>("question"),
                row.Get<long>("from_version"), row.Get<long>("to_version"), row.Get<bool>("contents"), row.Get<DateTimeOffset>("read_at"),
                row.Get<string?>("filter"), row.Get<long?>("facts")),
            cancellation, roomID, after, limit);
}
