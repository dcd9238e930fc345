using System.Text.Json;
using Npgsql;

namespace Parle.Projections.Auditing;

/// <summary>A fact of a room's record, as it is stored.</summary>
/// <param name="Version">Its place in the room's stream, from 1.</param>
/// <param name="EventID">Which fact.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">The fact.</param>
/// <param name="Headers">Who acted, for whom, by what right, and where it stands in its readers' views.</param>
/// <param name="Correlation">The request that caused it.</param>
public sealed record RecordedRow(long Version, Guid EventID, string Type, DateTimeOffset At, JsonElement Data, JsonElement Headers, string? Correlation)
{
    /// <summary>Under which ids the words lie that the fact commits to.</summary>
    public IReadOnlyList<Guid> ContentIDs => [.. CommitsItself(Data) ? (Guid[])[EventID] : [], .. Items(Data)];

    /// <summary>How many bytes it takes, about.</summary>
    public int Bytes { get; init; }

    // A commitment is {sha256, bytes}; those of attached items stand beside the item's id.
    private static bool CommitsItself(JsonElement data) => data.EnumerateObject().Any(member => member.Name is not "context"
        && (IsCommitment(member.Value) || (member.Value.ValueKind is JsonValueKind.Object && member.Value.EnumerateObject().Any(inner => IsCommitment(inner.Value)))));

    private static IEnumerable<Guid> Items(JsonElement data) => data.TryGetProperty("context", out var items) && items.ValueKind is JsonValueKind.Array
        ? items.EnumerateArray().Select(item => item.GetProperty("item_id").GetGuid())
        : [];

    private static bool IsCommitment(JsonElement value) => value.ValueKind is JsonValueKind.Object && value.TryGetProperty("sha256", out _) && value.TryGetProperty("bytes", out _);
}

/// <summary>"What is on a room's record?" Read from the facts themselves: no view stands in between.</summary>
public static class RecordPage
{
    /// <summary>Facts after <paramref name="after"/>, as many as fit.</summary>
    public static async Task<IReadOnlyList<RecordedRow>> Facts(NpgsqlDataSource database, Guid roomID, long after, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select version, id, type, timestamp, data::text, headers::text, correlation_id from parle.mt_events where stream_id = $1 and version > $2 order by version limit $3
            """);
        command.Parameters.Add(new() { Value = roomID });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        var facts = new List<RecordedRow>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var (data, headers) = (rows.GetString(4), rows.GetString(5));
            facts.Add(new(
                rows.GetInt64(0), rows.GetGuid(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), JsonElement.Parse(data), JsonElement.Parse(headers), rows.IsDBNull(6) ? null : rows.GetString(6))
            {
                Bytes = data.Length + headers.Length + 256,
            });
        }

        return facts;
    }

    /// <summary>One fact of a room; null when it is not one of it.</summary>
    public static async Task<RecordedRow?> Fact(NpgsqlDataSource database, Guid roomID, Guid eventID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select version from parle.mt_events where stream_id = $1 and id = $2");
        command.Parameters.Add(new() { Value = roomID });
        command.Parameters.Add(new() { Value = eventID });
        return await command.ExecuteScalarAsync(cancellation) is long version ? (await Facts(database, roomID, version - 1, 1, cancellation))[0] : null;
    }

    /// <summary>The words under <paramref name="ids"/> that are still there, with their salts.</summary>
    public static async Task<IReadOnlyDictionary<Guid, (byte[] Salt, string Body)>> Contents(NpgsqlDataSource database, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select content_id, salt, body from parle.contents where content_id = any($1)");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        var found = new Dictionary<Guid, (byte[], string)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found[rows.GetGuid(0)] = (rows.GetFieldValue<byte[]>(1), rows.GetString(2));
        }

        return found;
    }
}
