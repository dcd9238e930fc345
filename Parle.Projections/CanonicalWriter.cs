using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Parle.Domain.Contents;

namespace Parle.Projections;

/// <summary>
/// Writes values in canonical form (RFC 8785). The serializer writes most of it: members in order, with only mandatory escapes. Escaped
/// texts, and types whose output could differ, take the slower way through their JSON. Not thread-safe.
/// </summary>
internal sealed class CanonicalWriter
{
    private static readonly JsonSerializerOptions options = new(StoredJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // The output goes into digests and the database, never into a page.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Sort } },
        Converters = { new WholeNumber() },
    };

    private static readonly ConcurrentDictionary<Type, bool> canonical = [];

    private readonly ArrayBufferWriter<byte> json = new(1024);

    private readonly Utf8JsonWriter writer = new(Stream.Null, new() { Encoder = options.Encoder, SkipValidation = true });

    /// <summary>Writes the canonical form of <paramref name="value"/>.</summary>
    public void Write(IBufferWriter<byte> text, object value)
    {
        json.ResetWrittenCount();
        writer.Reset(json);
        var comesOut = canonical.GetOrAdd(value.GetType(), ComesOutCanonical);
        JsonSerializer.Serialize(writer, value, value.GetType(), comesOut ? options : StoredJson.Options);
        if (comesOut && !json.WrittenSpan.Contains((byte)'\\'))
        {
            text.Write(json.WrittenSpan);
        }
        else
        {
            CanonicalJson.Write(text, JsonElement.Parse(json.WrittenSpan));
        }
    }

    // RFC 8785 §3.2.3: members are ordered by UTF-16 code units.
    private static void Sort(JsonTypeInfo type)
    {
        if (type.Kind is JsonTypeInfoKind.Object)
        {
            var members = type.Properties.OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
            type.Properties.Clear();
            members.ForEach(type.Properties.Add);
        }
    }

    // An allow-list: a type that is not on it takes the slower way.
    private static bool ComesOutCanonical(Type type) => ComesOutCanonical(type, []);

    private static bool ComesOutCanonical(Type type, HashSet<Type> above)
    {
        var (value, info) = (Nullable.GetUnderlyingType(type) ?? type, options.GetTypeInfo(type));
        return !above.Add(type) || info.Kind switch
        {
            JsonTypeInfoKind.Object => info.PolymorphismOptions is null && info.Properties.All(
                member => !member.IsExtensionData && member.CustomConverter is null && ComesOutCanonical(member.PropertyType, above)),
            JsonTypeInfoKind.Enumerable => ComesOutCanonical(info.ElementType!, above),
            JsonTypeInfoKind.None => value.IsEnum || value == typeof(string) || value == typeof(bool) || value == typeof(int)
                || value == typeof(long) || value == typeof(Guid) || value == typeof(DateTimeOffset),
            _ => false,
        };
    }

    // A number that a double cannot hold exactly is refused, as everywhere.
    private sealed class WholeNumber : JsonConverter<long>
    {
        private const long Held = 1L << 53;

        public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetInt64();

        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options)
        {
            if (value is > Held or < -Held)
            {
                _ = CanonicalJson.Of(JsonSerializer.SerializeToElement(value));
            }

            writer.WriteNumberValue(value);
        }
    }
}
