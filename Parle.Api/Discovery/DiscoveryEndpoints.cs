using Parle.Api.Contract;

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

    private static readonly Lazy<string> OpenApi = new(() => OpenApiRendering.Of(Actions.All));
    private static readonly Lazy<string> GuideText = new(() => Guide.Of(Actions.All));

    /// <summary>Maps the discovery documents.</summary>
    public static void MapDiscovery(this WebApplication app)
    {
        app.MapGet("/", Welcome).ExcludeFromDescription();
        app.MapGet(OpenApiPath, () => Results.Text(OpenApi.Value, "application/json")).ExcludeFromDescription();
        app.MapGet(GuidePath, () => Results.Text(GuideText.Value, "text/plain", System.Text.Encoding.UTF8)).ExcludeFromDescription();
        app.UseWhen( // Its middlewares have no business with any other request, and are not made before somebody wants them.
            context => context.Request.Path.StartsWithSegments(DocsPath, StringComparison.OrdinalIgnoreCase),
            docs => docs.Use(next =>
            {
                var page = new Lazy<RequestDelegate>(() => Page(docs.New(), next));
                return context => page.Value(context);
            }));
    }

    private static RequestDelegate Page(IApplicationBuilder docs, RequestDelegate next)
    {
        docs.UseSwaggerUi(page =>
        {
            page.Path = DocsPath;
            page.DocumentPath = OpenApiPath;
            page.DocumentTitle = "Parle";
        });
        docs.Run(next);
        return docs.Build();
    }

    // RFC 8631 names the relations; the body says the same to who only looks there.
    private static IResult Welcome(HttpContext context)
    {
        context.Response.Headers.Link = $"<{OpenApiPath}>; rel=\"service-desc\", <{DocsPath}>; rel=\"service-doc\", <{GuidePath}>; rel=\"service-doc\"";
        return Results.Json(
            new { Service = "parle", ParleVersion = VersionHeader.Current, Llms = GuidePath, Openapi = OpenApiPath, Docs = DocsPath }, WireJson.Options);
    }
}
