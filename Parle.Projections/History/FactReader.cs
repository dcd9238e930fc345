using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Marten.Events;
using Marten.Services.Json.Transformations;

namespace Parle.Projections.History;

/// <summary>Reads stored events of every name and shape into the types of today. Marten, rebuilds and imports all use it.</summary>
public sealed class FactReader
{
    private static readonly JsonSerializerOptions complete =
        new(StoredJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireMandatoryMembers } } };

    private readonly IReadOnlyDictionary<string, Type> names;
    private readonly Dictionary<string, Upcaster> upcasters;

    /// <param name="names">The types of events by the names that they are stored under today.</param>
    /// <param name="upcasters">The readers of older names and shapes.</param>
    /// <exception cref="ArgumentException">Two entries have the same name.</exception>
    public FactReader(IReadOnlyDictionary<string, Type> names, IReadOnlyList<Upcaster> upcasters)
    {
        (this.names, this.upcasters) = (names, upcasters.ToDictionary(upcaster => upcaster.Name, StringComparer.Ordinal));
        if (upcasters.FirstOrDefault(upcaster => names.ContainsKey(upcaster.Name) || !names.Values.Contains(upcaster.Type)) is { } wrong)
        {
            throw new ArgumentException($"{wrong.Name} is stored today, or is read as a type that is not.", nameof(upcasters));
        }
    }

    /// <summary>The reader of everything that this version knows.</summary>
    public static FactReader Current { get; } = new(EventNames.All, Upcaster.All);

    /// <summary>The type that an event of this name is read as; null for an unknown name.</summary>
    public Type? TypeOf(string name) => names.GetValueOrDefault(name) ?? upcasters.GetValueOrDefault(name)?.Type;

    /// <summary>Reads an event.</summary>
    /// <param name="name">The name that it is stored under.</param>
    /// <param name="json">The stored data, in UTF-8.</param>
    /// <exception cref="KeyNotFoundException">The name is not known.</exception>
    /// <exception cref="JsonException">The data does not have that type's shape.</exception>
    public object Read(string name, ReadOnlySpan<byte> json) => Read(name, json, StoredJson.Options);

    /// <summary>
    /// Like <see cref="Read(string, ReadOnlySpan{byte})"/>, for events written by another service. The data must be exactly as this version
    /// would write it: no unknown members, no other spelling. Only members that the event gained later may be absent; they are then empty.
    /// </summary>
    /// <param name="name">The name that it is stored under.</param>
    /// <param name="json">The stored data, in UTF-8.</param>
    /// <exception cref="KeyNotFoundException">The name is not known.</exception>
    /// <exception cref="JsonException">The data does not have that type's shape.</exception>
    public object ReadExactly(string name, byte[] json)
    {
        var data = Read(name, json, complete);
        var said = upcasters.GetValueOrDefault(name)?.Change is { } change ? Changed(change, json) : JsonNode.Parse(json);
        return Says(JsonSerializer.SerializeToNode(data, data.GetType(), StoredJson.Options), said)
            ? data : throw new JsonException("It does not say what such an event says.");
    }

    /// <summary>Whether <paramref name="said"/> is <paramref name="written"/>, except for absent members that are empty.</summary>
    /// <param name="written">The event as it would be written today.</param>
    /// <param name="said">The event as it is.</param>
    public static bool Says(JsonNode? written, JsonNode? said) => (written, said) switch
    {
        (JsonObject now, JsonObject then) =>
            then.All(member => now.TryGetPropertyValue(member.Key, out var value) && Says(value, member.Value))
            && now.All(member => then.ContainsKey(member.Key) || IsEmpty(member.Value)),
        (JsonArray now, JsonArray then) => now.Count == then.Count && now.Zip(then).All(pair => Says(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(written, said),
    };

    private object Read(string name, ReadOnlySpan<byte> json, JsonSerializerOptions options) =>
        names.TryGetValue(name, out var type) ? JsonSerializer.Deserialize(json, type, options)!
        : upcasters[name] is { Change: { } change } changed ? Changed(change, json).Deserialize(changed.Type, options)!
        : JsonSerializer.Deserialize(json, upcasters[name].Type, options)!;

    private static void RequireMandatoryMembers(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            member.IsRequired |= member.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };
        }
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonArray { Count: 0 } || value.GetValueKind() is JsonValueKind.False;

    private static JsonObject Changed(Func<JsonObject, JsonObject> change, ReadOnlySpan<byte> json) =>
        change(JsonNode.Parse(json)!.AsObject());

    /// <summary>Tells Marten the names of today, and the readers of older ones.</summary>
    internal void Register(IEventStoreOptions events)
    {
        foreach (var (name, type) in names)
        {
            events.AddEventType(type);
            events.MapEventType(type, name);
        }

        foreach (var upcaster in upcasters.Values)
        {
            events.Upcast(upcaster.Type, upcaster.Name,
                new JsonTransformation((_, row, column) => Read(upcaster.Name, Encoding.UTF8.GetBytes(row.GetString(column)))));
        }
    }
}
