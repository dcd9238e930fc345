using System.Globalization;
using System.Reflection;
using System.Text.Json;
using JasperFx.Events;
using Npgsql;
using NpgsqlTypes;
using Parle.Domain.Rooms;
using Parle.Projections.History;

namespace Parle.Projections.Replaying;

/// <summary>Facts in the order of the record.</summary>
/// <param name="Facts">The facts.</param>
/// <param name="Upto">The position up to which the page is complete.</param>
public sealed record Page(IReadOnlyList<IEvent> Facts, long Upto);

/// <summary>Facts of a part of the record, copied out of PostgreSQL and each deserialized once, into the types of views.</summary>
/// <param name="database">The database of the record.</param>
/// <param name="after">The position after which they begin.</param>
/// <param name="upto">The last position.</param>
/// <param name="reader">Reads stored events.</param>
public sealed class StoredFacts(NpgsqlDataSource database, long after, long upto, FactReader reader) : IDisposable
{
    private const int FactsAtOnce = 500; // Few enough that most are garbage before the next collection.
    private const long Stretch = 50_000; // Positions that are read in one transaction.

    private static readonly MethodInfo eventOf = typeof(StoredFacts)
        .GetMethod(nameof(EventOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly Dictionary<string, (string Name, Func<object, IEvent> Event)> types = new(StringComparer.Ordinal);

    private long reached = after;
    private long end;
    private NpgsqlConnection? connection;
    private NpgsqlBinaryExporter? copy;

    /// <summary>The next page; null after the last one.</summary>
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

    // Marten writes a tombstone in place of a failed append; it is no fact.
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

    private IEvent Fact(NpgsqlBinaryExporter row)
    {
        var (sequence, id, streamID, version) = (row.Read<long>(NpgsqlDbType.Bigint), row.Read<Guid>(NpgsqlDbType.Uuid),
            row.Read<Guid>(NpgsqlDbType.Uuid), row.Read<long>(NpgsqlDbType.Bigint));
        var (name, eventOf) = Known(row.Read<string>(NpgsqlDbType.Varchar));
        var (at, correlation) = (row.Read<DateTimeOffset>(NpgsqlDbType.TimestampTz), Value<string>(row, NpgsqlDbType.Varchar));
        var (data, headers) = (row.Read<byte[]>(NpgsqlDbType.Jsonb), Value<byte[]>(row, NpgsqlDbType.Jsonb));
        var fact = eventOf(reader.Read(name, data));
        (fact.Sequence, fact.Id, fact.StreamId, fact.Version, fact.EventTypeName) = (sequence, id, streamID, version, name);
        (fact.Timestamp, fact.CorrelationId) = (at, correlation);
        fact.Headers = headers is null ? [] : Headers(headers);
        fact.Headers[FactMetadata.LeavesHeader] = new Leaves { Stored = new(data, headers) };
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

    private (string Name, Func<object, IEvent> Event) Known(string name)
    {
        if (!types.TryGetValue(name, out var known))
        {
            var type = reader.TypeOf(name) ?? throw new RebuildException(
                $"The record holds a fact of the type {name}, which is not known here: a later version wrote it.");
            types.Add(name, known = (name, eventOf.MakeGenericMethod(type).CreateDelegate<Func<object, IEvent>>()));
        }

        return known;
    }

    private static Event<T> EventOf<T>(object data)
        where T : notnull => new((T)data);

    private static Dictionary<string, object> Headers(ReadOnlySpan<byte> json)
    {
        var headers = new Dictionary<string, object>(5);
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
