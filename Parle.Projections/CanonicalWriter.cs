using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Parle.Domain.Contents;

namespace Parle.Projections;

/// <summary>
/// Writes what is stored in its canonical form (RFC 8785): the serializer writes members in their order and escapes what it must,
/// and of what it escaped, or of values that could come out otherwise, the form is computed from the JSON. Not for several threads.
/// </summary>
internal sealed class CanonicalWriter
{
    private static readonly JsonSerializerOptions options = new(StoredJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It goes into digests and the database, never into a page.
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

    // RFC 8785 §3.2.3: ordered by UTF-16 code units.
    private static void Sort(JsonTypeInfo type)
    {
        if (type.Kind is JsonTypeInfoKind.Object)
        {
            var members = type.Properties.OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
            type.Properties.Clear();
            members.ForEach(type.Properties.Add);
        }
    }

    // Only what is known to: whatever else a fact may hold some day is computed from its JSON.
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

    // What a double does not hold is refused, as everywhere.
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
