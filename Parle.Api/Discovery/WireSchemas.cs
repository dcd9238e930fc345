using System.Reflection;
using System.Text.Json.Serialization;
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
public sealed partial class WireSchemas
{
    private readonly JsonSchemaGenerator generator;
    private readonly OpenApiSchemaResolver resolver;

    /// <param name="document">Keeps the schemas, each once.</param>
    public WireSchemas(OpenApiDocument document)
    {
        var settings = new SystemTextJsonSchemaGeneratorSettings
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
            SchemaProcessors = { new Members(document.Components.Schemas) },
        };
        generator = new(settings);
        resolver = new(document, settings);
    }

    /// <summary>The schema of <paramref name="type"/>, by reference.</summary>
    public JsonSchema Of(Type type) => generator.GenerateWithReference<JsonSchema>(type.ToContextualType(), resolver);

    /// <summary>Marks a described type as closed: it takes no unknown member.</summary>
    public void Close(Type type)
    {
        if (Described(type) is { } schema)
        {
            schema.AllowAdditionalProperties = false;
        }
    }

    /// <summary>
    /// Settles the members of a type that is only sent to the service: one with a default may be absent, and only such may be null.
    /// </summary>
    public void SettleBody(Type type)
    {
        foreach (var (member, schema) in MembersOf(type))
        {
            schema.IsRequired &= !HasDefault(member);
            if (schema.IsRequired)
            {
                NeverNull(schema); // A null there is refused, as the member's absence is.
            }
        }
    }

    /// <summary>Settles the members of a type that is only sent by the service: null is left out where a member may be absent.</summary>
    public void SettleAnswer(Type type)
    {
        foreach (var (member, schema) in MembersOf(type))
        {
            if (member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.WhenWritingNull })
            {
                NeverNull(schema);
            }
        }
    }

    /// <summary>The types within <paramref name="body"/>; none without a body.</summary>
    internal static IEnumerable<Type> PartsOf(Type? body) => body is null ? [] : BodyShape.Closed(body, WireJson.Options, narrowing: null);

    private JsonSchema? Described(Type type) =>
        resolver.HasSchema(type, isIntegerEnumeration: false) ? resolver.GetSchema(type, isIntegerEnumeration: false) : null;

    private IEnumerable<KeyValuePair<PropertyInfo, JsonSchemaProperty>> MembersOf(Type type) =>
        Described(type) is { } schema ? Members.Of(type, Members.OwnPart(schema)) : [];

    private static bool HasDefault(PropertyInfo member) => member.DeclaringType!.GetConstructors()
        .SelectMany(constructor => constructor.GetParameters())
        .Any(parameter => parameter.Name == member.Name && parameter.HasDefaultValue);

    private static void NeverNull(JsonSchemaProperty schema)
    {
        schema.IsNullableRaw = null;
        if (schema.OneOf.FirstOrDefault() is { HasReference: true } reference)
        {
            schema.OneOf.Clear();
            schema.AllOf.Add(reference);
        }
    }

    /// A member is required unless its type makes it optional.
    private sealed partial class Members(IDictionary<string, JsonSchema> named) : ISchemaProcessor
    {
        private static readonly PropertyInfo message = typeof(ErrorBody).GetProperty(nameof(ErrorBody.Message))!;

        private readonly AskSchemas asks = new(named);

        public void Process(SchemaProcessorContext context)
        {
            var type = context.ContextualType.Type;
            var part = OwnPart(context.Schema);
            part.EnumerationNames.Clear(); // Names of C# mean nothing to a client.
            part.Description = OnOneLine(part.Description);
            var known = Of(type, part).ToList();
            foreach (var name in part.Properties.Keys.Except(known.Select(member => NameOf(member.Key))).ToList())
            {
                part.Properties.Remove(name); // Not public: it is not on the wire.
            }

            foreach (var (member, schema) in known)
            {
                Describe(part, member, schema, context);
            }

            foreach (var alternative in type.GetCustomAttribute<AnyOfAttribute>()?.Types ?? [])
            {
                part.AnyOf.Add(ReferenceTo(alternative, context));
            }
        }

        /// A derived type's own members are in the part that refers to nothing else.
        public static JsonSchema OwnPart(JsonSchema schema) => schema.AllOf.FirstOrDefault(part => !part.HasReference) ?? schema;

        public static IEnumerable<KeyValuePair<PropertyInfo, JsonSchemaProperty>> Of(Type type, JsonSchema schema)
        {
            foreach (var member in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (schema.Properties.TryGetValue(NameOf(member), out var described))
                {
                    yield return new(member, described);
                }
            }
        }

        private void Describe(JsonSchema whole, PropertyInfo member, JsonSchemaProperty schema, SchemaProcessorContext context)
        {
            var isNullable = schema.IsNullableRaw is true;
            var description = OnOneLine(schema.Description);
            if (ReferenceFor(member, context) is { } named)
            {
                whole.Properties[NameOf(member)] = schema = new() { IsNullableRaw = isNullable ? true : null };
                schema.OneOf.Add(new() { Reference = named });
            }
            else if (member.GetCustomAttribute<ShapeAttribute>() is { } shape)
            {
                whole.Properties[NameOf(member)] = schema = Shaped<JsonSchemaProperty>(shape);
            }

            schema.Description = description;
            if (member.GetCustomAttribute<NeverNullAttribute>() is not null)
            {
                schema.IsNullableRaw = null;
            }

            if (schema.OneOf.FirstOrDefault() is { HasReference: true } reference)
            {
                DescribeReference(schema, reference);
            }
            else if (schema is { IsNullableRaw: true, Type: JsonObjectType.None })
            {
                schema.IsNullableRaw = null; // It may be anything.
            }

            if (member == message)
            {
                schema.ExtensionData = new Dictionary<string, object?> { ["x-ms-primary-error-message"] = true }; // Kiota's.
            }

            schema.IsRequired = !MayBeAbsentAttribute.IsTrueOf(member);
        }

        private JsonSchema? ReferenceFor(PropertyInfo member, SchemaProcessorContext context)
        {
            if (member.GetCustomAttribute<AskShapeAttribute>() is { } ofAsk)
            {
                return asks.Of(ofAsk);
            }

            if (member.GetCustomAttribute<DescribedByAttribute>() is { } described)
            {
                return ReferenceTo(described.Type, context).ActualSchema;
            }

            if (member.GetCustomAttribute<ShapeAttribute>() is not { Name: { } name } shape)
            {
                return null;
            }

            return named.TryGetValue(name, out var schema) ? schema : named[name] = Shaped<JsonSchema>(shape);
        }

        private static JsonSchema ReferenceTo(Type type, SchemaProcessorContext context) =>
            context.Generator.GenerateWithReference<JsonSchema>(type.ToContextualType(), context.Resolver);

        private static T Shaped<T>(ShapeAttribute shape) where T : JsonSchema => JsonSchemaSerialization.FromJson<T>(
            shape.JsonSchema, JsonSchema.CreateJsonSerializerContractResolver(SchemaType.OpenApi3))!;

        private static string NameOf(PropertyInfo member) =>
            member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? WireJson.Options.PropertyNamingPolicy!.ConvertName(member.Name);

        // The line breaks of a doc comment have no meaning.
        private static string? OnOneLine(string? text) => text is null ? null : LineBreak().Replace(text, " ");

        // OpenAPI 3.0 allows nothing beside a reference, and gives "nullable" a meaning only beside a type. With a type beside "allOf",
        // NSwag and Kiota would make a type of its own for each member, derived from the one that it refers to.
        private static void DescribeReference(JsonSchemaProperty schema, JsonSchema reference)
        {
            var isNullable = schema.IsNullableRaw is true;
            schema.IsNullableRaw = null;
            schema.OneOf.Clear();
            if (isNullable)
            {
                schema.OneOf.Add(reference);
                schema.OneOf.Add(new() { Type = JsonObjectType.Object, IsNullableRaw = true, Enumeration = { null } });
            }
            else
            {
                schema.AllOf.Add(reference);
            }
        }

        [GeneratedRegex(@"\s*\n\s*")]
        private static partial Regex LineBreak();
    }
}
