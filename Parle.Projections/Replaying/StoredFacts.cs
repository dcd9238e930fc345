using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using JasperFx.Events;
using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Rooms;

namespace Parle.Projections.Replaying;

/// <summary>Facts in the order of the record.</summary>
/// <param name="Facts">The facts.</param>
/// <param name="Upto">The place that they come to: there is none between the last of them and this one.</param>
internal sealed record Page(IReadOnlyList<IEvent> Facts, long Upto);

/// <summary>The facts of a part of the record, as PostgreSQL copies them out: each is read once, into the types that views know.</summary>
internal sealed class StoredFacts(NpgsqlDataSource database, long after, long upto) : IDisposable
{
    private const int FactsAtOnce = 500; // So few that most are forgotten before the collector comes.
    private const long Stretch = 50_000; // Places that are read in one transaction.

    private static readonly MethodInfo readAs = typeof(StoredFacts).GetMethod(nameof(ReadAs), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly ConcurrentDictionary<string, (string Name, ReadData Read)> types = new(StringComparer.Ordinal);

    private long reached = after;
    private long end;
    private NpgsqlConnection? connection;
    private NpgsqlBinaryExporter? copy;

    private delegate IEvent ReadData(ReadOnlySpan<byte> json);

    /// <summary>The next ones; null when there are no more.</summary>
    public Page? Next()
    {
        if (reached >= upto)
        {
            return null;
        }

        var facts = new List<IEvent>(FactsAtOnce);
        while (facts.Count < FactsAtOnce && reached < upto)
        {
            copy ??= Open();
            if (copy.StartRow() >= 0)
            {
                facts.Add(Fact(copy));
                reached = facts[^1].Sequence;
            }
            else
            {
                reached = end;
                Close();
            }
        }

        return new(facts, reached);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        connection?.Dispose();
    }

    // What Marten writes where an append failed is no fact.
    private NpgsqlBinaryExporter Open()
    {
        connection ??= database.OpenConnection();
        end = Math.Min(upto, reached + Stretch);
        return connection.BeginBinaryExport(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            copy (
                select seq_id, id, stream_id, version, type, timestamp, correlation_id, data, headers from {ParleStore.Schema}.mt_events
                where seq_id > {reached} and seq_id <= {end} and type <> 'tombstone' order by seq_id
            ) to stdout (format binary)
            """));
    }

    private void Close()
    {
        copy?.Dispose();
        copy = null;
    }

    private static IEvent Fact(NpgsqlBinaryExporter row)
    {
        var (sequence, id, streamID, version) = (row.Read<long>(NpgsqlDbType.Bigint), row.Read<Guid>(NpgsqlDbType.Uuid), row.Read<Guid>(NpgsqlDbType.Uuid), row.Read<long>(NpgsqlDbType.Bigint));
        var (name, read) = types.GetOrAdd(row.Read<string>(NpgsqlDbType.Varchar), Known);
        var (at, correlation) = (row.Read<DateTimeOffset>(NpgsqlDbType.TimestampTz), Value<string>(row, NpgsqlDbType.Varchar));
        var fact = read(row.Read<byte[]>(NpgsqlDbType.Jsonb));
        (fact.Sequence, fact.Id, fact.StreamId, fact.Version, fact.EventTypeName) = (sequence, id, streamID, version, name);
        (fact.Timestamp, fact.CorrelationId) = (at, correlation);
        fact.Headers = Value<byte[]>(row, NpgsqlDbType.Jsonb) is { } headers ? Headers(headers) : null;
        return fact;
    }

    private static T? Value<T>(NpgsqlBinaryExporter row, NpgsqlDbType type)
        where T : class
    {
        if (!row.IsNull)
        {
            return row.Read<T>(type);
        }

        row.Skip();
        return null;
    }

    private static (string Name, ReadData Read) Known(string name) => EventNames.All.TryGetValue(name, out var type)
        ? (name, readAs.MakeGenericMethod(type).CreateDelegate<ReadData>())
        : throw new RebuildException($"The record holds a fact of the type {name}, which is not known here: a later version wrote it.");

    private static Event<T> ReadAs<T>(ReadOnlySpan<byte> json)
        where T : notnull => new(JsonSerializer.Deserialize<T>(json, StoredJson.Options)!);

    private static Dictionary<string, object> Headers(ReadOnlySpan<byte> json)
    {
        var headers = new Dictionary<string, object>(5) { [FactMetadata.LeavesHeader] = new Leaves() };
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(FactMetadata.PlacementHeader))
            {
                reader.Read();
                headers[FactMetadata.PlacementHeader] = JsonSerializer.Deserialize<Placement>(ref reader, StoredJson.Options)!;
                continue;
            }

            var name = reader.ValueTextEquals(FactMetadata.ActorHeader) ? FactMetadata.ActorHeader
                : reader.ValueTextEquals(FactMetadata.PrincipalHeader) ? FactMetadata.PrincipalHeader
                : reader.ValueTextEquals(FactMetadata.AuthorityHeader) ? FactMetadata.AuthorityHeader : reader.GetString()!;
            reader.Read();
            headers[name] = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.StartArray when ReferenceEquals(name, FactMetadata.AuthorityHeader) => Words(ref reader),
                _ => JsonElement.ParseValue(ref reader),
            };
        }

        return headers;
    }

    private static List<string> Words(ref Utf8JsonReader reader)
    {
        var words = new List<string>(4);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            words.Add(reader.GetString()!);
        }

        return words;
    }
}
