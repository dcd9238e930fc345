using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parle.Projections;

/// <summary>The JSON format of facts, metadata and snapshots in the database: snake_case names, and words for enumerations.</summary>
public static class StoredJson
{
    /// <summary>The options for everything that is stored.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new());

    internal static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        return options;
    }
}
