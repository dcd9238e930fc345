using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parle.Api.Wire;

/// <summary>The JSON format of the wire: snake_case names, words for enumerations, RFC 3339 times in UTC.</summary>
public static class WireJson
{
    /// <summary>The one set of options for requests and answers.</summary>
    public static JsonSerializerOptions Options { get; } = Ready(Configure(new()));

    /// <summary>The same, laid out for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Ready(Configure(new() { WriteIndented = true }));

    /// <summary>Applies the wire's rules to <paramref name="options"/>.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // Answers are JSON documents, never pieces of HTML.
        options.AllowDuplicateProperties = false; // Two readers of one text must not see two meanings.
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new Rfc3339.Converter());
        return options;
    }

    /// <summary>The same options, read-only, so that their type information can be asked for.</summary>
    internal static JsonSerializerOptions Ready(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>RFC 3339 in UTC with microseconds, the database's precision.</summary>
    public static string Format(DateTimeOffset time) => Rfc3339.Format(time);
}
