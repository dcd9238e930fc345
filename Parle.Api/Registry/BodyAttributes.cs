namespace Parle.Api.Registry;

/// <summary>What a member looks like on the wire, where its type alone does not say it.</summary>
/// <param name="jsonSchema">A schema object of OpenAPI 3.0.</param>
[AttributeUsage(AttributeTargets.Property)]
public class ShapeAttribute(string jsonSchema) : Attribute
{
    /// <summary>A schema object of OpenAPI 3.0.</summary>
    public string JsonSchema { get; } = jsonSchema;
}

/// <summary>What a request's member means when it is not sent. Said or left out, the request is the same.</summary>
/// <param name="json">The value, as JSON.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AbsentAttribute(string json) : Attribute
{
    /// <summary>The value, as JSON.</summary>
    public string Json => json;
}

/// <summary>
/// A list whose order says nothing. Without names it is a set: what stands there twice stands there once, and one thing is as good as a
/// list of it. With names it is a list of things that are told apart by those members; things of the same name keep their order, since the
/// answer shows them in it.
/// </summary>
/// <param name="names">Members by which things are told apart, as the wire calls them.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnorderedAttribute(params string[] names) : Attribute
{
    /// <summary>Members by which things are told apart.</summary>
    public IReadOnlyList<string> Names => names;
}

/// <summary>A body with defaults that depend on its other members.</summary>
internal interface IFilled
{
    /// <summary>The same, with such defaults filled in.</summary>
    object Filled { get; }
}

/// <summary>
/// Marks a member whose absence means much: <c>null</c>, which programs write where they forgot a value, is not taken for that.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeverNullAttribute : Attribute;

/// <summary>
/// Marks a text that is kept as somebody's words, in a form that holds any character, or that has a grammar of its own; U+0000 is refused
/// in all others, since the database cannot keep it there.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnyTextAttribute : Attribute;
