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

    /// <summary>Whether the whole room saw it.</summary>
    public bool IsCommon => Headers.TryGetProperty(FactMetadata.PlacementHeader, out var placement)
        && placement.ValueKind is JsonValueKind.Object && placement.TryGetProperty("common", out var common)
        && common.ValueKind is JsonValueKind.Number;

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
    /// <summary>The columns of an <see cref="AuditRow"/>, of an event <c>e</c>.</summary>
    internal const string Columns =
        "e.version, e.id, e.type, e.timestamp, e.data::text as data, e.headers::text as headers, e.correlation_id";

    /// <summary>Facts after <paramref name="after"/>, as many as fit.</summary>
    public static async Task<IReadOnlyList<AuditRow>> Facts(
        NpgsqlDataSource database, Guid roomID, long after, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Facts(connection, roomID, after, limit, cancellation);
    }

    /// <summary>The same, as a transaction sees it.</summary>
    public static Task<IReadOnlyList<AuditRow>> Facts(
        NpgsqlConnection connection, Guid roomID, long after, int limit, CancellationToken cancellation) => connection.Rows(
        $"select {Columns} from parle.mt_events e where e.stream_id = $1 and e.version > $2 order by e.version limit $3",
        Read, cancellation, roomID, after, limit);

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
        var row = new Row(rows);
        while (await rows.ReadAsync(cancellation))
        {
            facts.Add(Read(row) with
            { Position = row.Get<long>("seq_id"), StreamID = row.Get<Guid>("stream_id"), RoomID = row.Get<Guid?>("room_id") });
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
            select {Columns}, i.seq_id, i.stream_id, i.room_id
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
    public static async Task<AuditRow?> Fact(NpgsqlDataSource database, Guid roomID, Guid eventID, CancellationToken cancellation) =>
        await database.Scalar<long?>(
            "select version from parle.record_index where event_id = $2 and stream_id = $1", cancellation, roomID, eventID) is { } version
            ? (await Facts(database, roomID, version - 1, 1, cancellation))[0] : null;

    /// <summary>Facts of a room by their ids, in the order of the record; one that is none of it is left out.</summary>
    public static Task<IReadOnlyList<AuditRow>> Facts(
        NpgsqlDataSource database, Guid roomID, IReadOnlyList<Guid> eventIDs, CancellationToken cancellation) => database.Rows(
        $"""
        select {Columns} from parle.record_index i
        cross join lateral (select * from parle.mt_events e where e.seq_id = i.seq_id limit 1) as e
        where i.event_id = any($2) and i.stream_id = $1 order by i.version
        """,
        Read, cancellation, roomID, eventIDs.ToArray());

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
        NpgsqlConnection connection, Guid? roomID, IReadOnlyList<Guid> ids, CancellationToken cancellation) => (await connection.Rows(
            "select content_id, salt, body from parle.contents where content_id = any($1) and ($2::uuid is null or room_id = $2)",
            row => (ContentID: row.Get<Guid>("content_id"), Kept: (row.Get<byte[]>("salt"), row.Get<string>("body"))), cancellation,
            ids.ToArray(), roomID)).ToDictionary(row => row.ContentID, row => row.Kept);

    /// <summary>
    /// The contents of a room under <paramref name="ids"/> that are not erased; only those among <paramref name="wanted"/> are read, the
    /// others are null.
    /// </summary>
    public static async Task<IReadOnlyDictionary<Guid, (byte[] Salt, string Body)?>> Contents(
        NpgsqlDataSource database, Guid roomID, IReadOnlyList<Guid> ids, IReadOnlyList<Guid> wanted, CancellationToken cancellation) =>
        (await database.Rows(
            """
            select content_id, case when content_id = any($3) then salt end as salt,
                   case when content_id = any($3) then body end as body
            from parle.contents where content_id = any($1) and room_id = $2
            """,
            row => (ContentID: row.Get<Guid>("content_id"), Kept: row.Get<byte[]?>("salt") is { } salt
                ? (salt, row.Get<string>("body")) : ((byte[], string)?)null),
            cancellation, ids.ToArray(), roomID, wanted.ToArray())).ToDictionary(row => row.ContentID, row => row.Kept);

    /// <summary>Reads <see cref="Columns"/>.</summary>
    internal static AuditRow Read(Row row)
    {
        var (data, headers) = (row.Get<string>("data"), row.Get<string>("headers"));
        return new(
            row.Get<long>("version"), row.Get<Guid>("id"), row.Get<string>("type"), row.Get<DateTimeOffset>("timestamp"),
            JsonElement.Parse(data), JsonElement.Parse(headers), row.Get<string?>("correlation_id"))
        {
            Bytes = data.Length + headers.Length + 256,
        };
    }
}
