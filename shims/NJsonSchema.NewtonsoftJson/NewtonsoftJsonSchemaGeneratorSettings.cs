using Newtonsoft.Json;
using NJsonSchema.Generation;

namespace NJsonSchema.NewtonsoftJson.Generation;

/// <summary>
/// What NSwag fills in when it finds MVC with Newtonsoft.Json. Parle speaks System.Text.Json, so schemas are read by its rules.
/// </summary>
public class NewtonsoftJsonSchemaGeneratorSettings : SystemTextJsonSchemaGeneratorSettings
{
    /// <summary>Kept, and not looked at.</summary>
    [JsonIgnore]
    public JsonSerializerSettings SerializerSettings { get; set; } = new();
}
