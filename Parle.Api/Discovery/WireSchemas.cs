using System.Text.RegularExpressions;
using System.Reflection;
using System.Text.Json.Serialization;
using Namotion.Reflection;
using NJsonSchema;
using NJsonSchema.Generation;
using NJsonSchema.Generation.TypeMappers;
using NJsonSchema.Infrastructure;
using NSwag;
using Parle.Api.Contract;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Discovery;

/// <summary>Schemas of the types that travel, as <see cref="WireJson"/> spells them; descriptions are the types' own XML docs.</summary>
/// <param name="document">Keeps the schemas, each once.</param>
public sealed partial class WireSchemas(OpenApiDocument document)
{
    private static readonly SystemTextJsonSchemaGeneratorSettings Settings = new()
    {
        SchemaType = SchemaType.OpenApi3,
        SerializerOptions = WireJson.Options,
        DefaultReferenceTypeNullHandling = ReferenceTypeNullHandling.NotNull,
        XmlDocumentationFormatting = XmlDocsFormattingMode.Markdown,
        AlwaysAllowAdditionalObjectProperties = true, // Members are added without a new version; readers skip what they do not know.
        TypeMappers =
        {
            new PrimitiveTypeMapper(typeof(Guid), schema =>
            {
                schema.Type = JsonObjectType.String;
                schema.Format = "uuid"; // The generator's own word is "guid", which OpenAPI does not know.
            }),
        },
        SchemaProcessors = { new Members() },
    };

    private readonly JsonSchemaGenerator generator = new(Settings);
    private readonly OpenApiSchemaResolver resolver = new(document, Settings);

    /// <summary>The schema of <paramref name="type"/>, by reference.</summary>
    public JsonSchema Of(Type type) => generator.GenerateWithReference<JsonSchema>(type.ToContextualType(), resolver);

    /// <summary>Says of a type that is described already that it takes no member which it does not name.</summary>
    public void Close(Type type)
    {
        if (resolver.HasSchema(type, isIntegerEnumeration: false))
        {
            resolver.GetSchema(type, isIntegerEnumeration: false).AllowAdditionalProperties = false;
        }
    }

    /// <summary>The types that <paramref name="body"/> is made of; none where there is no body.</summary>
    internal static IEnumerable<Type> PartsOf(Type? body) => body is null ? [] : BodyShape.Closed(body, WireJson.Options, narrowing: null);

    /// Every member is there unless the type says that it may be left out.
    private sealed partial class Members : ISchemaProcessor
    {
        public void Process(SchemaProcessorContext context)
        {
            context.Schema.EnumerationNames.Clear(); // Names of C# mean nothing to a client.
            context.Schema.Description = OnOneLine(context.Schema.Description);
            foreach (var member in context.ContextualType.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                var name = WireJson.Options.PropertyNamingPolicy!.ConvertName(member.Name);
                if (!context.Schema.Properties.TryGetValue(name, out var schema))
                {
                    continue;
                }

                schema.Description = OnOneLine(schema.Description);
                if (member.GetCustomAttribute<ShapeAttribute>() is { } shape)
                {
                    var shaped = JsonSchemaSerialization.FromJson<JsonSchemaProperty>(
                        shape.JsonSchema, JsonSchema.CreateJsonSerializerContractResolver(SchemaType.OpenApi3))!;
                    shaped.Description = schema.Description;
                    context.Schema.Properties[name] = schema = shaped;
                }

                if (member.GetCustomAttribute<NeverNullAttribute>() is not null)
                {
                    schema.IsNullableRaw = null;
                }

                if (schema.OneOf.Count == 1)
                {
                    DescribeReference(schema, schema.OneOf.Single());
                }

                schema.IsRequired = member.GetCustomAttribute<JsonIgnoreAttribute>() is null;
            }
        }

        // Where a doc comment breaks its lines says nothing.
        private static string? OnOneLine(string? text) => text is null ? null : LineBreak().Replace(text, " ");

        // OpenAPI 3.0 allows nothing beside a reference, and gives "nullable" a meaning only beside a type.
        private static void DescribeReference(JsonSchemaProperty schema, JsonSchema reference)
        {
            if (schema.IsNullableRaw is true)
            {
                schema.IsNullableRaw = null;
                schema.OneOf.Add(new() { Type = JsonObjectType.Object, IsNullableRaw = true, Enumeration = { null } });
            }
            else
            {
                schema.OneOf.Clear();
                schema.AllOf.Add(reference);
            }
        }

        [GeneratedRegex(@"\s*\n\s*")]
        private static partial Regex LineBreak();
    }
}
