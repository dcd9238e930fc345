using System.Text;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Projections.Record;

namespace Parle.Api.Discovery;

/// <summary>Documents that need neither a version header nor a credential.</summary>
public static class DiscoveryEndpoints
{
    private static readonly PublishedDocument OpenApi = new(
        "application/json", () => Encoding.UTF8.GetBytes(OpenApiRendering.Of(Actions.All)));
    private static readonly PublishedDocument GuideText = new(
        "text/plain; charset=utf-8", () => Encoding.UTF8.GetBytes(LlmsTxt.Of(Actions.All)));

    /// <summary>Maps the discovery documents.</summary>
    public static void MapDiscovery(this WebApplication app)
    {
        app.MapGet("/", Index).ExcludeFromDescription();
        app.MapGet(DiscoveryPaths.OpenApi, OpenApi.Answer).ExcludeFromDescription();
        app.MapGet(DiscoveryPaths.Guide, GuideText.Answer).ExcludeFromDescription();
        app.MapDocs();
    }

    // RFC 8631 names these relations. The body repeats them for readers that ignore headers.
    private static IResult Index(HttpContext context)
    {
        context.Response.Headers.Link = $"<{DiscoveryPaths.OpenApi}>; rel=\"service-desc\", <{DiscoveryPaths.Docs}>; rel=\"service-doc\", "
            + $"<{DiscoveryPaths.Guide}>; rel=\"service-doc\"";
        return Results.Json(
            new
            {
                Service = "parle",
                Version = RecordGuards.Version.ToString(3),
                ParleVersion = VersionHeader.Current,
                Llms = DiscoveryPaths.Guide,
                Openapi = DiscoveryPaths.OpenApi,
                Docs = DiscoveryPaths.Docs
            }, WireJson.Options);
    }
}
