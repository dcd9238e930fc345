using System.Reflection;
using System.Text.Json.Serialization;

namespace Parle.Api.Registry;

/// <summary>The schema of a member whose type alone does not tell it.</summary>
/// <param name="jsonSchema">A schema object of OpenAPI 3.0.</param>
[AttributeUsage(AttributeTargets.Property)]
public class ShapeAttribute(string jsonSchema) : Attribute
{
    /// <summary>A schema object of OpenAPI 3.0.</summary>
    public string JsonSchema { get; } = jsonSchema;

    /// <summary>The name of the schema in documents; null when it stands where it is used.</summary>
    public string? Name { get; init; }

    /// <summary>An object of any members. Generated clients read it as a dictionary.</summary>
    public const string AnyObject = """{"type":"object","additionalProperties":{}}""";

    /// <summary>The same, or null.</summary>
    public const string AnyObjectOrNull = """{"type":"object","nullable":true,"additionalProperties":{}}""";
}

/// <summary>The type that describes a member whose value is kept as JSON. Nothing is read as it.</summary>
/// <param name="type">The type.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DescribedByAttribute(Type type) : Attribute
{
    /// <summary>The type.</summary>
    public Type Type => type;
}

/// <summary>A described value follows at least one of these types beside its own members.</summary>
/// <param name="types">The types.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AnyOfAttribute(params Type[] types) : Attribute
{
    /// <summary>The types.</summary>
    public IReadOnlyList<Type> Types => types;
}

/// <summary>The default of a request's member. A request with the default and one without the member mean the same.</summary>
/// <param name="json">The value, as JSON.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AbsentAttribute(string json) : Attribute
{
    /// <summary>The value, as JSON.</summary>
    public string Json => json;
}

/// <summary>
/// A list without an order. Without names it is a set: duplicates count once, and a single value equals a list of it. With names, its items
/// are identified by those members; items of the same name keep their order, because answers show it.
/// </summary>
/// <param name="names">The members that tell items apart, as the wire calls them.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnorderedAttribute(params string[] names) : Attribute
{
    /// <summary>The members that tell items apart.</summary>
    public IReadOnlyList<string> Names => names;
}

/// <summary>A body with defaults that depend on its other members.</summary>
internal interface IFilled
{
    /// <summary>The same body with these defaults filled in.</summary>
    object Filled { get; }
}

/// <summary>
/// Marks a member of a request that may be left out, though answers or stored meanings write it as <c>null</c>. Members that are ignored
/// when they are null are optional without it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MayBeAbsentAttribute : Attribute
{
    /// <summary>Whether a request or an answer may leave a member out.</summary>
    public static bool IsTrueOf(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: not JsonIgnoreCondition.Never }
        || member.IsDefined(typeof(MayBeAbsentAttribute), inherit: true);
}

/// <summary>
/// Marks a member whose absence widens the request. An explicit <c>null</c> is refused there, since programs send it where they forgot a
/// value.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeverNullAttribute : Attribute;

/// <summary>
/// Marks a text that may hold any character, or that has a grammar of its own. All other texts refuse U+0000, because the database cannot
/// store it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnyTextAttribute : Attribute;
