using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Parle.Api.Wire;
using Parle.Domain.Asks;

namespace Parle.Api.Registry;

/// <summary>
/// A body with what is known filled in, and the list of what is not. It is made of the body's own type, so that it cannot differ from the
/// schema: a member is needed there unless its type makes it optional.
/// </summary>
/// <param name="Body">The known members.</param>
/// <param name="Fill">The needed members that are missing.</param>
/// <param name="Optional">Members that may be added, by their names.</param>
public sealed record Template(JsonObject Body, IReadOnlyList<Blank> Fill, IReadOnlyList<string> Optional)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Member>> members = new();

    /// <summary>The template of one offer.</summary>
    /// <param name="type">The type of the body.</param>
    /// <param name="offer">What is known.</param>
    public static Template Of(Type type, ActionOffer offer)
    {
        var known = offer.Body is null ? [] : JsonSerializer.SerializeToNode(offer.Body, WireJson.Options)!.AsObject();
        var (fill, optional) = (new List<Blank>(), new List<string>());
        Complete(known, type, "", offer, fill, optional);
        return new(known, fill, optional);
    }

    private static void Complete(
        JsonObject known, Type type, string path, ActionOffer offer, List<Blank> fill, List<string> optional)
    {
        foreach (var member in members.GetOrAdd(type, MembersOf))
        {
            var place = path + member.Name;
            var shape = offer.Shapes.GetValueOrDefault(place);
            if (known[member.Name] is null && shape is null)
            {
                known.Remove(member.Name); // A null says no more than an absent member.
                if (member.IsNeeded || offer.Needs.Contains(place))
                {
                    AddMissing(known, member, place, offer, fill);
                }
                else
                {
                    optional.Add(place);
                }
            }
            else if (shape is not null)
            {
                AddShape(known, member.Name, place, shape, fill, optional);
            }
            else if (member.Parts is { } parts && known[member.Name] is JsonObject inner)
            {
                Complete(inner, parts, place + ".", offer, fill, []);
            }
        }
    }

    private static void AddMissing(JsonObject known, Member member, string place, ActionOffer offer, List<Blank> fill)
    {
        if (member.Parts is { } parts && members.GetOrAdd(parts, MembersOf).Any(part => part.IsNeeded))
        {
            var inner = new JsonObject();
            Complete(inner, parts, place + ".", offer, fill, []);
            if (inner.Count > 0)
            {
                known[member.Name] = inner; // It has members with one possible value.
            }
        }
        else if (member.Constant is { } only)
        {
            known[member.Name] = only;
        }
        else
        {
            fill.AddRange(member.Blanks(place, offer.Needs).Select(
                blank => offer.Choices.TryGetValue(blank.Name, out var possible) ? blank with { Choices = possible } : blank));
        }
    }

    // The shape of a request or an answer; what is known of it, such as the subject's digest, stays.
    private static void AddShape(
        JsonObject known, string name, string place, AskShape shape, List<Blank> fill, List<string> optional)
    {
        var inner = known[name] as JsonObject ?? [];
        foreach (var member in shape.Members.Where(member => inner[member.Name] is null))
        {
            if (member.IsNeeded)
            {
                fill.Add(Blank.Of(member, place));
            }
            else
            {
                optional.Add($"{place}.{member.Name}");
            }
        }

        if (inner.Count == 0)
        {
            known.Remove(name);
        }
    }

    private static IReadOnlyList<Member> MembersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition is not JsonIgnoreCondition.Always)
            .Select(member => new Member(
                WireJson.Options.PropertyNamingPolicy!.ConvertName(member.Name),
                Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType,
                !MayBeAbsentAttribute.IsTrueOf(member),
                member.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
                member.GetCustomAttribute<ShapeAttribute>() is { } shape ? JsonElement.Parse(shape.JsonSchema) : null)),
    ];

    private sealed record Member(string Name, Type Type, bool IsNeeded, string Prompt, JsonElement? Shape)
    {
        // The type of its own members; null for a value.
        public Type? Parts => Type.IsClass && Type.Namespace!.StartsWith(nameof(Parle), StringComparison.Ordinal) ? Type : null;

        public string? Constant => Choices is [var only] ? only : null;

        private IReadOnlyList<string>? Choices => Shape is { } shape && shape.TryGetProperty("enum", out var words)
            ? [.. words.EnumerateArray().Select(word => word.GetString()!)] : null;

        private Type? Element => Type.GetInterfaces().Append(Type)
            .FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

        public IEnumerable<Blank> Blanks(string place, IReadOnlyList<string> needs)
        {
            if (Shape is { } shape && shape.TryGetProperty("required", out var needed))
            {
                return needed.EnumerateArray().Select(name => Part(place, name.GetString()!, shape.GetProperty("properties")));
            }

            return [new(place, JsonType, Prompt) { Choices = Choices, Items = Items(place, needs) }];
        }

        private Blank Part(string place, string name, JsonElement parts) => parts.GetProperty(name) is var part
            && part.TryGetProperty("description", out var prompt)
            ? new($"{place}.{name}", part.GetProperty("type").GetString()!, prompt.GetString()!)
            : new($"{place}.{name}", parts.GetProperty(name).GetProperty("type").GetString()!, Prompt);

        private string JsonType => Shape is { } shape && shape.TryGetProperty("type", out var type) ? type.GetString()!
            : Type == typeof(bool) ? "boolean"
            : Type == typeof(int) || Type == typeof(long) ? "integer"
            : Type == typeof(string) || Type == typeof(Guid) || Type == typeof(DateTimeOffset) || Type.IsEnum ? "string"
            : Element is not null ? "array" : "object";

        private IReadOnlyList<Blank>? Items(string place, IReadOnlyList<string> needs) =>
            JsonType is not "array" || Element is not { } element ? null
            : element.IsClass && element != typeof(string)
                ? [.. members.GetOrAdd(element, MembersOf).Where(member => member.IsNeeded || needs.Contains($"{place}[].{member.Name}"))
                    .SelectMany(member => member.Blanks(member.Name, needs))]
                : [new("", "string", Prompt)];
    }
}
