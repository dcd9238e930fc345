using Parle.Projections.Auditing;
using Parle.Tests.Crash;
using Parle.Tests.Service;
using DataFolder = Parle.Tests.Hosting.DataFolder;

namespace Parle.Tests.Auditing;

/// Waits for the asynchronous parts: the mark below which no fact can still come, and the list of rooms.
public static class Settled
{
    /// Waits until it has come to the end of the record.
    public static Task IsSettled(this ParleService service) => IsSettled(service.ConnectionString);

    /// The same, whoever serves this database. What is recorded from now on is not waited for: somebody may write on and on.
    public static async Task IsSettled(string database)
    {
        var head = await DataFolder.Ask<long>(database, "select coalesce(max(seq_id), 0) from parle.mt_events where type <> 'tombstone'");
        await Until.Holds(() => DataFolder.Ask<bool>(database, $"""
            select count(*) = 2 from parle.mt_event_progression where name in ('{ViewProgress.Record}', '{RoomSummaries.Shard}') and last_seq_id >= {head}
            """));
    }

    /// The rows that the index lacks or has too many, compared with the facts.
    public static async Task<long> Differences(string database) => await DataFolder.Ask<long>(database, """
        select count(*) from (select seq_id, id, stream_id, version, type, timestamp from parle.mt_events where type <> 'tombstone') as e
        full join parle.record_index i on (i.seq_id, i.event_id, i.stream_id, i.version, i.type, i.at) = (e.seq_id, e.id, e.stream_id, e.version, e.type, e.timestamp)
        where i.seq_id is null or e.seq_id is null
        """);
}
