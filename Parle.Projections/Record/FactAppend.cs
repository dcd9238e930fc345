using JasperFx.Events;
using Npgsql;
using NpgsqlTypes;

namespace Parle.Projections.Record;

/// <summary>Facts to append to one stream.</summary>
/// <param name="StreamID">The stream; it exists.</param>
/// <param name="Before">The version that the facts were decided on, 1 or more.</param>
/// <param name="Facts">The facts, in order; at least one.</param>
public sealed record StreamFacts(Guid StreamID, long Before, IReadOnlyList<IEvent> Facts);

/// <summary>
/// Appends facts to many streams by one statement. Marten itself needs one statement for each stream and one insert for each fact. Nothing
/// else writes Marten's tables directly. A test compares the result with Marten's own, and the statement is used only if the tables have
/// exactly the known columns.
/// </summary>
public static class FactAppend
{
    /// <summary>The SQLSTATE raised when a stream is not at the expected version, the same as in Marten's own function.</summary>
    public const string StreamHasMoved = "MT003";

    // Every column of both tables. An unknown one might have to be filled.
    private const string Columns =
        "mt_events: bdata, correlation_id, data, headers, id, is_archived, mt_dotnet_type, seq_id, stream_id, tenant_id, timestamp, type, "
        + "version; "
        + "mt_streams: compacted_version, created, id, is_archived, tenant_id, timestamp, type, version";

    /// <summary>Whether the tables have exactly the columns that this statement fills.</summary>
    public static async Task<bool> Fits(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.Scalar<string?>(
            """
            select string_agg(name || ': ' || columns, '; ' order by name)
            from (
                select c.relname::text as name, string_agg(a.attname::text, ', ' order by a.attname::text collate "C") as columns
                from pg_attribute a join pg_class c on c.oid = a.attrelid
                where c.relnamespace = to_regnamespace('parle') and c.relname in ('mt_events', 'mt_streams') and a.attnum > 0 and not a.attisdropped
                group by c.relname) as tables
            """,
            cancellation) is Columns;

    /// <summary>
    /// The statement that appends <paramref name="streams"/>, all or nothing. It fails with <see cref="StreamHasMoved"/> when one of them
    /// is at another version.
    /// </summary>
    /// <param name="streams">The streams, in locking order: the same on every node.</param>
    /// <param name="at">The moment of all these facts.</param>
    public static SqlOperation Of(IReadOnlyList<StreamFacts> streams, DateTimeOffset at)
    {
        var count = streams.Sum(stream => stream.Facts.Count);
        var (streamIDs, versions, ids) = (new Guid[count], new long[count], new Guid[count]);
        var (types, dotnetTypes, correlations) = (new string[count], new string[count], new string?[count]);
        var (data, headers) = (new byte[count][], new byte[count][]);
        var i = 0;
        foreach (var stream in streams)
        {
            foreach (var (position, fact) in stream.Facts.Index())
            {
                (streamIDs[i], versions[i], ids[i]) = (stream.StreamID, stream.Before + position + 1, fact.Id);
                (types[i], dotnetTypes[i], correlations[i]) = (fact.EventTypeName, fact.DotNetTypeName, fact.CorrelationId);
                var text = FactText.Of(fact);
                (data[i], headers[i]) = (text.Data.ToArray(), text.Headers.ToArray());
                text.KeepLeaves(); // The views of this batch use the leaves next, and the fact is complete.
                i++;
            }
        }

        return new(
            "select parle.append_facts(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (streams.Select(stream => stream.StreamID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (streams.Select(stream => stream.Before).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            (streams.Select(stream => stream.Before + stream.Facts.Count).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            (streamIDs, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (versions, NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            (ids, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            (types, NpgsqlDbType.Array | NpgsqlDbType.Text),
            (dotnetTypes, NpgsqlDbType.Array | NpgsqlDbType.Text),
            (data, NpgsqlDbType.Array | NpgsqlDbType.Jsonb),
            (headers, NpgsqlDbType.Array | NpgsqlDbType.Jsonb),
            (correlations, NpgsqlDbType.Array | NpgsqlDbType.Text),
            (at, NpgsqlDbType.TimestampTz));
    }
}
