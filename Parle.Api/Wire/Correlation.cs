using Parle.Api.Platform;

namespace Parle.Api.Wire;

/// <summary>The id by which the facts and the log lines of one request are found.</summary>
/// <param name="ID">The id.</param>
[FromRequest]
public sealed record Correlation(string ID)
{
    /// <summary>The id of a request.</summary>
    /// <param name="context">The request.</param>
    public static Correlation Of(HttpContext context) => new(context.TraceIdentifier);
}
