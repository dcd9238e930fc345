using System.Reflection;
using Newtonsoft.Json;

namespace NJsonSchema.NewtonsoftJson.Converters;

/// <summary>Writes an exception's kind, message and cause. Reading one back is not offered.</summary>
/// <param name="hideStackTrace">Leave the stack trace out.</param>
/// <param name="searchedNamespaces">Only reading would need it.</param>
#pragma warning disable CS9113, IDE0060 // The signature is NSwag's.
public class JsonExceptionConverter(bool hideStackTrace, IDictionary<string, Assembly> searchedNamespaces) : JsonConverter
#pragma warning restore CS9113, IDE0060
{
    /// <summary>Hides the stack trace.</summary>
    public JsonExceptionConverter() : this(true, new Dictionary<string, Assembly>()) { }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanConvert(Type objectType) => typeof(Exception).IsAssignableFrom(objectType);

    /// <inheritdoc/>
    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
    {
        if (value is not Exception exception)
        {
            writer.WriteNull();
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("discriminator");
        writer.WriteValue(exception.GetType().Name);
        writer.WritePropertyName("message");
        writer.WriteValue(exception.Message);
        writer.WritePropertyName("stackTrace");
        writer.WriteValue(hideStackTrace ? "HIDDEN" : exception.StackTrace);
        writer.WritePropertyName("innerException");
        WriteJson(writer, exception.InnerException, serializer);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer) =>
        throw new NotSupportedException("Exceptions are written, not read.");
}
