using Parle.Domain;

namespace Parle.Api.Wire;

/// <summary>
/// Requires every call to name the one version that is served. Checked before anything else, so that a stale client learns that first.
/// </summary>
public static class VersionHeader
{
    /// <summary>The header's name.</summary>
    public const string Name = "Parle-Version";

    /// <summary>The version served.</summary>
    public const string Current = "2026-08-17";

    /// <summary>
    /// Refuses calls below <c>/v/</c> (in any case, as routes are) that name no version or another one. Discovery and health need none.
    /// </summary>
    public static Task Middleware(HttpContext context, RequestDelegate next) =>
        context.Request.Path.StartsWithSegments("/v", StringComparison.OrdinalIgnoreCase) && context.Request.Headers[Name] != Current
            ? ErrorEnvelope.Write(context, Refusals.UnsupportedParleVersion)
            : next(context);
}
