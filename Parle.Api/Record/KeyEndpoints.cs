using Parle.Api.Wire;

namespace Parle.Api.Record;

/// <summary>Publishes the keys that the service signs with, to everybody.</summary>
public static class KeyEndpoints
{
    /// <summary>Where they are (RFC 8615).</summary>
    public const string Path = "/.well-known/parle-keys.json";

    /// <summary>Maps it.</summary>
    public static void MapKeys(this IEndpointRouteBuilder app) => app.MapGet(Path, Read).ExcludeFromDescription();

    private static async Task<IResult> Read(SigningKeys keys, HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Json(PublishedKeys.Of(await keys.All(context.RequestAborted)), WireJson.Options);
    }
}
