namespace Parle.Api.Discovery;

/// <summary>What a member looks like on the wire, where its type alone does not say it.</summary>
/// <param name="jsonSchema">A schema object of OpenAPI 3.0.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShapeAttribute(string jsonSchema) : Attribute
{
    /// <summary>A schema object of OpenAPI 3.0.</summary>
    public string JsonSchema { get; } = jsonSchema;
}
