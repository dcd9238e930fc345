using System.Text;
using Parle.Api.Contract;
using Parle.Projections.Record;

namespace Parle.Api.Discovery;

/// <summary>What a stranger can read: no version header, no credential.</summary>
public static class DiscoveryEndpoints
{
    /// <summary>The guide for agents and people, see llmstxt.org.</summary>
    public const string GuidePath = "/llms.txt";

    /// <summary>The OpenAPI document.</summary>
    public const string OpenApiPath = "/openapi.json";

    /// <summary>The OpenAPI document as a page.</summary>
    public const string DocsPath = "/docs";

    private static readonly PublishedDocument OpenApi = new("application/json", () => Encoding.UTF8.GetBytes(OpenApiRendering.Of(Actions.All)));
    private static readonly PublishedDocument GuideText = new("text/plain; charset=utf-8", () => Encoding.UTF8.GetBytes(Guide.Of(Actions.All)));

    /// <summary>Maps the discovery documents.</summary>
    public static void MapDiscovery(this WebApplication app)
    {
        app.MapGet("/", Welcome).ExcludeFromDescription();
        app.MapGet(OpenApiPath, OpenApi.Answer).ExcludeFromDescription();
        app.MapGet(GuidePath, GuideText.Answer).ExcludeFromDescription();
        app.MapDocs();
    }

    // RFC 8631 names the relations; the body says the same to who only looks there.
    private static IResult Welcome(HttpContext context)
    {
        context.Response.Headers.Link = $"<{OpenApiPath}>; rel=\"service-desc\", <{DocsPath}>; rel=\"service-doc\", <{GuidePath}>; rel=\"service-doc\"";
        return Results.Json(
            new { Service = "parle", Version = RecordGuards.Version.ToString(3), ParleVersion = VersionHeader.Current, Llms = GuidePath, Openapi = OpenApiPath, Docs = DocsPath }, WireJson.Options);
    }
}
