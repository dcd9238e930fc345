using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parle.Projections.History;

/// <summary>An event as it is stored, or is going to be to the byte: what its digests are computed of (law 11).</summary>
/// <param name="Data">What it says, as JSON in UTF-8.</param>
/// <param name="Headers">Its metadata; null where none is stored.</param>
public sealed record StoredText(byte[] Data, byte[]? Headers)
{
    private static readonly ConditionalWeakTable<object, StoredText> kept = [];

    /// <summary>The text that was kept for <paramref name="data"/>; null for what is spelt as the serializer does.</summary>
    public static StoredText? Of(object data) => kept.TryGetValue(data, out var text) ? text : null;

    /// <summary>
    /// Says that <paramref name="data"/> was read from this text, and is to be stored as it stands there: an older version, or another
    /// service, wrote it.
    /// </summary>
    public static void Keep(object data, byte[] text) => kept.Add(data, new(text, null));

    /// <summary>Makes a serializer write events by the text that was kept for them.</summary>
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
