namespace Parle.Api.Platform;

/// <summary>
/// Marks a type that an endpoint can take as a parameter although no client sends it. Its static method <c>Of(HttpContext)</c> makes it.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class FromRequestAttribute : Attribute;
