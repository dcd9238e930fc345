using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parle.Projections.History;

/// <summary>The stored text of an event, to the byte. Its digests are computed from it (law 11).</summary>
/// <param name="Data">The data, as JSON in UTF-8.</param>
/// <param name="Headers">The metadata; null when none is stored.</param>
public sealed record StoredText(byte[] Data, byte[]? Headers)
{
    private static readonly ConditionalWeakTable<object, StoredText> kept = [];

    /// <summary>The text kept for <paramref name="data"/>; null when the serializer's own text is used.</summary>
    public static StoredText? Of(object data) => kept.TryGetValue(data, out var text) ? text : null;

    /// <summary>
    /// Keeps the text that <paramref name="data"/> was read from. It is then stored unchanged, because an older version or another service
    /// wrote it.
    /// </summary>
    public static void Keep(object data, byte[] text) => kept.Add(data, new(text, null));

    /// <summary>Makes a serializer write each event by its kept text.</summary>
    internal static void WriteAsKept(JsonSerializerOptions options) => options.Converters.Insert(0, new AsKept(new(options)));

    private sealed class AsKept(JsonSerializerOptions plain) : JsonConverterFactory
    {
        private static readonly HashSet<Type> types = [.. EventNames.All.Values];

        public override bool CanConvert(Type typeToConvert) => types.Contains(typeToConvert);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(AsKept<>).MakeGenericType(typeToConvert), plain)!;
    }

    private sealed class AsKept<T>(JsonSerializerOptions plain) : JsonConverter<T>
        where T : class
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<T>(ref reader, plain);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (Of(value) is { } text)
            {
                writer.WriteRawValue(text.Data);
            }
            else
            {
                JsonSerializer.Serialize(writer, value, plain);
            }
        }
    }
}
