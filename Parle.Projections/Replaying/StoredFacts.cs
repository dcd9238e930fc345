using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using JasperFx.Events;
using Npgsql;
using Parle.Domain.Rooms;

namespace Parle.Projections.Replaying;

/// <summary>Facts in the order of the record.</summary>
/// <param name="Facts">The facts.</param>
/// <param name="Upto">The place that they come to: there is none between the last of them and this one.</param>
internal sealed record Page(IReadOnlyList<IEvent> Facts, long Upto);

/// <summary>The facts of a part of the record, as PostgreSQL copies them out: each is read once, into the types that views know.</summary>
internal sealed class StoredFacts(NpgsqlDataSource database, long after, long upto) : IDisposable
{
    private const int FactsAtOnce = 2000;
    private const long Stretch = 50_000; // Places that are read in one transaction.
    private const int Header = 19;
    private const int Columns = 9;

    private static readonly long epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private static readonly MethodInfo readAs = typeof(StoredFacts).GetMethod(nameof(ReadAs), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly ConcurrentDictionary<string, (string Name, ReadData Read)> types = new(StringComparer.Ordinal);

    private long reached = after;
    private long end;
    private NpgsqlConnection? connection;
    private Stream? copy;
    private byte[] buffer = new byte[1 << 17];
    private int from, filled;

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
            if (copy is null)
            {
                Open();
            }

            if (Read() is { } fact)
            {
                facts.Add(fact);
                reached = fact.Sequence;
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
    private void Open()
    {
        connection ??= database.OpenConnection();
        end = Math.Min(upto, reached + Stretch);
        copy = connection.BeginRawBinaryCopy(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            copy (
                select seq_id, id, stream_id, version, type, timestamp, correlation_id, data, headers from {ParleStore.Schema}.mt_events
                where seq_id > {reached} and seq_id <= {end} and type <> 'tombstone' order by seq_id
            ) to stdout (format binary)
            """));
        (from, filled) = (0, 0);
        while (filled < Header)
        {
            Fill();
        }

        from = Header;
    }

    private void Close()
    {
        copy?.Dispose();
        copy = null;
    }

    private IEvent? Read()
    {
        int length;
        while ((length = LengthOfRow(buffer.AsSpan(from, filled - from))) < 0)
        {
            Fill();
        }

        if (length is 0)
        {
            return null;
        }

        from += length;
        return Fact(new(buffer.AsSpan(from - length, length)));
    }

    private void Fill()
    {
        if (filled == buffer.Length)
        {
            var larger = from is 0 ? new byte[2 * buffer.Length] : buffer;
            buffer.AsSpan(from, filled - from).CopyTo(larger);
            (buffer, filled, from) = (larger, filled - from, 0);
        }

        var read = copy!.Read(buffer.AsSpan(filled));
        filled += read > 0 ? read : throw new EndOfStreamException("The record ended in the middle of a fact.");
    }

    // Negative when it is not all there, 0 when there is no further one.
    private static int LengthOfRow(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(short))
        {
            return -1;
        }

        if (BinaryPrimitives.ReadInt16BigEndian(bytes) < 0)
        {
            return 0;
        }

        var length = sizeof(short);
        for (var i = 0; i < Columns; i++)
        {
            if (bytes.Length < length + sizeof(int))
            {
                return -1;
            }

            length += sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[length..]));
        }

        return bytes.Length < length ? -1 : length;
    }

    private static IEvent Fact(Row row)
    {
        var (sequence, id, streamID, version) = (row.Number(), row.ID(), row.ID(), row.Number());
        var (name, read) = types.GetOrAdd(row.Text()!, Known);
        var (at, correlation) = (row.Number(), row.Text());
        var fact = read(row.Json());
        (fact.Sequence, fact.Id, fact.StreamId, fact.Version, fact.EventTypeName) = (sequence, id, streamID, version, name);
        (fact.Timestamp, fact.CorrelationId) = (new DateTimeOffset(epoch + (at * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero), correlation);
        fact.Headers = Headers(row.Json());
        return fact;
    }

    private static (string Name, ReadData Read) Known(string name) => EventNames.All.TryGetValue(name, out var type)
        ? (name, readAs.MakeGenericMethod(type).CreateDelegate<ReadData>())
        : throw new RebuildException($"The record holds a fact of the type {name}, which is not known here: a later version wrote it.");

    private static Event<T> ReadAs<T>(ReadOnlySpan<byte> json)
        where T : notnull => new(JsonSerializer.Deserialize<T>(json, StoredJson.Options)!);

    private static Dictionary<string, object>? Headers(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

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

    // A row's columns, one after the other.
    private ref struct Row(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> rest = bytes[sizeof(short)..];

        public long Number() => BinaryPrimitives.ReadInt64BigEndian(Next());

        public Guid ID() => new(Next(), bigEndian: true);

        public string? Text() => BinaryPrimitives.ReadInt32BigEndian(rest) < 0 ? Nothing() : Encoding.UTF8.GetString(Next());

        // Without the number of the format; empty when there is none.
        public ReadOnlySpan<byte> Json() => Next() is [_, .. var json] ? json : [];

        private string? Nothing()
        {
            Next();
            return null;
        }

        private ReadOnlySpan<byte> Next()
        {
            var size = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(rest));
            var value = rest.Slice(sizeof(int), size);
            rest = rest[(sizeof(int) + size)..];
            return value;
        }
    }
}
