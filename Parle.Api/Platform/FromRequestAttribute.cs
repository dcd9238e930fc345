namespace Parle.Api.Platform;

/// <summary>
/// Marks what an endpoint can take as a parameter although no client sends it: its static method <c>Of(HttpContext)</c> makes it.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class FromRequestAttribute : Attribute;
