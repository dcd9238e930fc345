using Parle.Api.Wire;

namespace Parle.Api.Record;

/// <summary>Publishes the keys that the service signs with, to everybody.</summary>
public static class KeyEndpoints
{
    /// <summary>The path (RFC 8615).</summary>
    public const string Path = "/.well-known/parle-keys.json";

    /// <summary>Maps the endpoint.</summary>
    public static void MapKeys(this IEndpointRouteBuilder app) => app.MapGet(Path, Read).ExcludeFromDescription();

    private static async Task<IResult> Read(SigningKeys keys, CancellationToken cancellation) =>
        new Cacheable(Results.Json(PublishedKeys.Of(await keys.All(cancellation)), WireJson.Options));

    // No answer of an action can be cached: they are for one caller. This one is for everybody.
    private sealed record Cacheable(IResult Answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "public, max-age=300";
            return Answer.ExecuteAsync(httpContext);
        }
    }
}
