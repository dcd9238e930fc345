using NJsonSchema;
using Parle.Api.Registry;
using Parle.Domain.Asks;

namespace Parle.Api.Discovery;

/// <summary>Schemas of requests and answers of asks, one for each kind, from the shapes that they are checked by.</summary>
/// <param name="named">Keeps the schemas, each once.</param>
internal sealed class AskSchemas(IDictionary<string, JsonSchema> named)
{
    /// <summary>
    /// The schema of a member so marked: the value follows the schema of one kind. The body that holds a request stays one object, since
    /// NSwag reads a <c>oneOf</c> as the first of its schemas: its clients could open asks of one kind only.
    /// </summary>
    public JsonSchema Of(AskShapeAttribute marked)
    {
        var (part, view) = (marked.OfAnswer ? "Answer" : "Request", marked.IsRead ? "View" : "");
        if (!named.TryGetValue($"Ask{part}{view}", out var any))
        {
            named[$"Ask{part}{view}"] = any = new()
            { Description = $"{(marked.OfAnswer ? "An answer" : "A request")} in the shape that the ask's kind has." };
            foreach (var kind in AskKinds.All)
            {
                if ((marked.OfAnswer ? kind.Answer : kind.Request) is { } shape)
                {
                    var title = $"The {part.ToLowerInvariant()} of an ask of the kind `{kind.Word}`.";
                    any.AnyOf.Add(Named($"{kind.Kind}{part}", view, title, shape.Members));
                }
            }
        }

        return any;
    }

    private JsonSchema Named(string name, string view, string description, IReadOnlyList<AskMember> members)
    {
        var isRead = view.Length > 0;
        var schema = new JsonSchema { Type = JsonObjectType.Object, Description = description, AllowAdditionalProperties = isRead };
        foreach (var member in members)
        {
            var described = new JsonSchemaProperty { Description = member.Description, IsNullableRaw = member.IsNeeded ? null : true };
            if (member.IsList)
            {
                described.Type = JsonObjectType.Array;
                (described.MinItems, described.MaxItems) = isRead ? (0, 0) : (member.IsNeeded ? 1 : 0, AskShapes.MaxElements);
                described.Item = member.Of is { } parts
                    ? Named($"{name}{char.ToUpperInvariant(member.Name[0])}{member.Name[1..]}Item", view, member.Description, parts)
                    : new JsonSchema { Type = JsonObjectType.String };
            }
            else
            {
                described.Type = JsonObjectType.String;
                described.MinLength = member.IsNeeded && !isRead ? 1 : null;
                foreach (var word in isRead ? [] : member.Words ?? [])
                {
                    described.Enumeration.Add(word);
                }
            }

            schema.Properties.Add(member.Name, described);
            described.IsRequired = member.IsNeeded && !isRead;
        }

        named[name + view] = schema;
        return new() { Reference = schema };
    }
}
