using System.Text.Json;
using Npgsql;
using Parle.Domain.Auditing;
using Parle.Domain.Contents;

namespace Parle.Projections.Auditing;

/// <summary>A fact of a room's record, as stored.</summary>
/// <param name="Version">Its place in the room's stream, from 1.</param>
/// <param name="EventID">The fact's id.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="At">The time of the fact.</param>
/// <param name="Data">The fact.</param>
/// <param name="Headers">The attribution, and the places in its readers' views.</param>
/// <param name="Correlation">The request that caused it.</param>
public sealed record AuditRow(
    long Version, Guid EventID, string Type, DateTimeOffset At, JsonElement Data, JsonElement Headers, string? Correlation)
{
    /// <summary>The ids of the contents that the fact commits to.</summary>
    public IReadOnlyList<Guid> ContentIDs => [.. Commitments.Of(EventID, Data).Select(committed => committed.ContentID)];

    /// <summary>Its approximate size in bytes.</summary>
    public int Bytes { get; init; }

    /// <summary>Its place in the whole record; 0 when only one stream was queried.</summary>
    public long Position { get; init; }

    /// <summary>Its stream; empty when only one stream was queried.</summary>
    public Guid StreamID { get; init; }

    /// <summary>The room of its stream; null for another stream.</summary>
    public Guid? RoomID { get; init; }
}

/// <summary>"What is on a room's record?" Read from the events themselves, without a view in between.</summary>
public static class RecordPage
{
    /// <summary>Facts after <paramref name="after"/>, as many as fit.</summary>
    public static async Task<IReadOnlyList<AuditRow>> Facts(
        NpgsqlDataSource database, Guid roomID, long after, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Facts(connection, roomID, after, limit, cancellation);
    }

    /// <summary>The same, as a transaction sees it.</summary>
    public static async Task<IReadOnlyList<AuditRow>> Facts(
        NpgsqlConnection connection, Guid roomID, long after, int limit, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select version, id, type, timestamp, data::text, headers::text, correlation_id from parle.mt_events where stream_id = $1 and "
            + "version > $2 order by version limit $3", connection);
        command.Parameters.Add(new() { Value = roomID });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        var facts = new List<AuditRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            facts.Add(Row(rows));
        }

        return facts;
    }

    /// <summary>Facts of one stream, or of all, that pass a filter; see <see cref="RecordIndex"/>.</summary>
    /// <param name="database">The database of the record.</param>
    /// <param name="streamID">The stream, counted by version; null for all streams, counted by position.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="after">Only facts after this version or position.</param>
    /// <param name="upto">Only facts up to this position of the whole record; null for all.</param>
    /// <param name="limit">Most facts.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<AuditRow>> Find(
        NpgsqlDataSource database, Guid? streamID, RecordFilter filter, long after, long? upto, int limit, CancellationToken cancellation)
    {
        await using var command = Search(streamID, filter, after, upto, limit);
        command.Connection = await database.OpenConnectionAsync(cancellation);
        await using var connection = command.Connection;
        var facts = new List<AuditRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            facts.Add(Row(rows) with
            { Position = rows.GetInt64(7), StreamID = rows.GetGuid(8), RoomID = rows.IsDBNull(9) ? null : rows.GetGuid(9) });
        }

        return facts;
    }

    /// <summary>
    /// The command of such a query, without a connection. It contains only the conditions given, so that each combination has its own plan.
    /// </summary>
    public static NpgsqlCommand Search(Guid? streamID, RecordFilter filter, long after, long? upto, int limit)
    {
        var (command, holds) = (new NpgsqlCommand(), new List<string>());
        if (streamID is not null)
        {
            Holds("stream_id = ", streamID);
        }

        Holds(streamID is null ? "seq_id > " : "version > ", after);
        Holds("seq_id <= ", upto);
        Holds("at >= ", filter.From?.ToUniversalTime());
        Holds("at < ", filter.Until?.ToUniversalTime());
        if (filter.Type is { } type && EventNames.All.ContainsKey(type))
        {
            holds.Add($"type = '{type}'"); // A literal, so that the planner knows whether a partial index applies.
        }
        else
        {
            Holds("type = ", filter.Type);
        }

        Holds("actor = ", filter.Actor);
        if (filter.Actor is not null && RecordIndex.AgentOf(filter.Actor) is { } actingAgent)
        {
            Holds("agent_id = ", actingAgent);
        }
        else if (filter.Actor is not null)
        {
            holds.Add("agent_id is null");
        }

        Holds("principal_id = ", filter.Principal);
        Holds("agent_id = ", filter.Agent);
        Holds("token_ids @> ", filter.Token is { } token ? new[] { token } : null);
        Holds("ask_id = ", filter.Ask);
        Holds("correlation = ", filter.Correlation);
        command.Parameters.Add(new() { Value = limit });
        var order = streamID is null ? "seq_id" : "version";
        command.CommandText = $"""
            select e.version, e.id, e.type, e.timestamp, e.data::text, e.headers::text, e.correlation_id, i.seq_id, i.stream_id, i.room_id
            from (select seq_id, version, stream_id, room_id from parle.record_index where {string.Join(" and ", holds)} order by {order} limit ${command.Parameters.Count}) as i
            cross join lateral (select * from parle.mt_events e where e.seq_id = i.seq_id limit 1) as e
            order by i.{order}
            """;
        return command;

        void Holds(string what, object? value)
        {
            if (value is not null)
            {
                command.Parameters.Add(new() { Value = value });
                holds.Add($"{what}${command.Parameters.Count}");
            }
        }
    }

    /// <summary>One fact of a room; null when it is not one of it.</summary>
    public static async Task<AuditRow?> Fact(NpgsqlDataSource database, Guid roomID, Guid eventID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select version from parle.record_index where event_id = $2 and stream_id = $1
            """);
        command.Parameters.Add(new() { Value = roomID });
        command.Parameters.Add(new() { Value = eventID });
        return await command.ExecuteScalarAsync(cancellation) is long version
            ? (await Facts(database, roomID, version - 1, 1, cancellation))[0] : null;
    }

    /// <summary>
    /// The contents of a room under <paramref name="ids"/> that are not erased, with their salts; for null, those of any room.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Guid, (byte[] Salt, string Body)>> Contents(
        NpgsqlDataSource database, Guid? roomID, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Contents(connection, roomID, ids, cancellation);
    }

    /// <summary>The same, as a transaction sees it.</summary>
    public static async Task<IReadOnlyDictionary<Guid, (byte[] Salt, string Body)>> Contents(
        NpgsqlConnection connection, Guid? roomID, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select content_id, salt, body from parle.contents where content_id = any($1) and ($2 is null or room_id = $2)", connection);
        command.Parameters.Add(new() { Value = ids.ToArray() });
        command.Parameters.Add(new() { Value = (object?)roomID ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        var found = new Dictionary<Guid, (byte[], string)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found[rows.GetGuid(0)] = (rows.GetFieldValue<byte[]>(1), rows.GetString(2));
        }

        return found;
    }

    private static AuditRow Row(NpgsqlDataReader rows)
    {
        var (data, headers) = (rows.GetString(4), rows.GetString(5));
        return new(
            rows.GetInt64(0), rows.GetGuid(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), JsonElement.Parse(data),
            JsonElement.Parse(headers), rows.IsDBNull(6) ? null : rows.GetString(6))
        {
            Bytes = data.Length + headers.Length + 256,
        };
    }
}
