using System.Text;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Projections.Record;

namespace Parle.Api.Discovery;

/// <summary>Documents that need neither a version header nor a credential.</summary>
public static class DiscoveryEndpoints
{
    private static readonly PublishedDocument OpenApi = new(
        "application/json", () => Encoding.UTF8.GetBytes(OpenApiRendering.Of(Actions.All)));
    private static readonly PublishedDocument ShortText = Text("text/plain", () => ShortLlmsTxt.Text);
    private static readonly PublishedDocument FullText = Text("text/plain", () => LlmsTxt.Of(Actions.All));
    private static readonly PublishedDocument Verifier = new("text/javascript; charset=utf-8", () =>
    {
        using var program = typeof(DiscoveryEndpoints).Assembly.GetManifestResourceStream("verify.mjs")!;
        using var bytes = new MemoryStream();
        program.CopyTo(bytes);
        return bytes.ToArray();
    });

    /// <summary>Maps the discovery documents.</summary>
    public static void MapDiscovery(this WebApplication app)
    {
        app.MapGet("/", Index).ExcludeFromDescription();
        app.MapGet(DiscoveryPaths.OpenApi, OpenApi.Answer).ExcludeFromDescription();
        app.MapGet(DiscoveryPaths.Guide, ShortText.Answer).ExcludeFromDescription();
        app.MapGet(DiscoveryPaths.FullGuide, FullText.Answer).ExcludeFromDescription();
        app.MapGet(DiscoveryPaths.Verifier, Verifier.Answer).ExcludeFromDescription();
        foreach (var (path, text) in Pages.All)
        {
            app.MapGet(path, Text("text/markdown", text).Answer).ExcludeFromDescription();
        }

        app.MapDocs();
    }

    /// <summary>Answers what the caller's token can be used for.</summary>
    [Serves(typeof(AffordanceActions), nameof(AffordanceActions.ReadGuide))]
    public static IResult ReadGuide(Caller caller, TimeProvider clock) =>
        Results.Text(Pages.OfToken(caller, clock.GetUtcNow()), "text/markdown", Encoding.UTF8);

    private static PublishedDocument Text(string mediaType, Func<string> text) =>
        new($"{mediaType}; charset=utf-8", () => Encoding.UTF8.GetBytes(text()));

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
