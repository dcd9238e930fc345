using System.Reflection;
using System.Text.RegularExpressions;
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

/// <summary>Schemas of the wire's types, as <see cref="WireJson"/> writes them. Descriptions are the types' own XML docs.</summary>
/// <param name="document">Keeps the schemas, each once.</param>
public sealed partial class WireSchemas(OpenApiDocument document)
{
    private static readonly SystemTextJsonSchemaGeneratorSettings Settings = new()
    {
        SchemaType = SchemaType.OpenApi3,
        SerializerOptions = WireJson.Options,
        DefaultReferenceTypeNullHandling = ReferenceTypeNullHandling.NotNull,
        XmlDocumentationFormatting = XmlDocsFormattingMode.Markdown,
        AlwaysAllowAdditionalObjectProperties = true, // Members may be added without a new version; readers skip unknown ones.
        TypeMappers =
        {
            new PrimitiveTypeMapper(typeof(Guid), schema =>
            {
                schema.Type = JsonObjectType.String;
                schema.Format = "uuid"; // The generator writes "guid", a format that OpenAPI does not have.
            }),
        },
        SchemaProcessors = { new Members() },
    };

    private readonly JsonSchemaGenerator generator = new(Settings);
    private readonly OpenApiSchemaResolver resolver = new(document, Settings);

    /// <summary>The schema of <paramref name="type"/>, by reference.</summary>
    public JsonSchema Of(Type type) => generator.GenerateWithReference<JsonSchema>(type.ToContextualType(), resolver);

    /// <summary>Marks a described type as closed: it takes no unknown member.</summary>
    public void Close(Type type)
    {
        if (resolver.HasSchema(type, isIntegerEnumeration: false))
        {
            resolver.GetSchema(type, isIntegerEnumeration: false).AllowAdditionalProperties = false;
        }
    }

    /// <summary>The types within <paramref name="body"/>; none without a body.</summary>
    internal static IEnumerable<Type> PartsOf(Type? body) => body is null ? [] : BodyShape.Closed(body, WireJson.Options, narrowing: null);

    /// A member is required unless its type makes it optional.
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

                schema.IsRequired = !MayBeAbsentAttribute.IsTrueOf(member);
            }
        }

        // The line breaks of a doc comment have no meaning.
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
