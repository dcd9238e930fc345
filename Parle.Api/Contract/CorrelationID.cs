using Parle.Api.Platform;

namespace Parle.Api.Contract;

/// <summary>The id of a request, as every fact that the request causes carries it.</summary>
/// <param name="Text">The id.</param>
[FromRequest]
public readonly record struct CorrelationID(string Text)
{
    /// <summary>The id of a request.</summary>
    public static CorrelationID Of(HttpContext context) => new(context.TraceIdentifier);
}
