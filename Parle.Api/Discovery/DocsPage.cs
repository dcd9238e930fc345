using NSwag.AspNetCore;
using Parle.Api.Registry;

namespace Parle.Api.Discovery;

/// <summary>
/// The OpenAPI document as a page: Swagger UI's own files, as NSwag carries them, with an index of ours. NSwag's own index takes its
/// document from the query and holds an inline script, which a strict policy forbids.
/// </summary>
public static class DocsPage
{
    /// <summary>
    /// The page's content security policy (CSP Level 3): it may run and load only files of this service. Swagger UI draws its arrows from
    /// data URLs.
    /// </summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps the page and its parts.</summary>
    public static void MapDocs(this IEndpointRouteBuilder app)
    {
        var page = OwnFile("index.html", "text/html; charset=utf-8");
        foreach (var address in (string[])["", "/index.html"])
        {
            Map(app, address, page);
        }

        Map(app, "/page.js", OwnFile("page.js", "text/javascript; charset=utf-8"));
        Map(app, "/swagger-ui-bundle.js", LibraryFile("swagger-ui-bundle.js", "text/javascript; charset=utf-8"));
        Map(app, "/swagger-ui.css", LibraryFile("swagger-ui.css", "text/css; charset=utf-8"));
        Map(app, "/favicon-32x32.png", LibraryFile("favicon-32x32.png", "image/png"));
    }

    private static void Map(IEndpointRouteBuilder app, string address, PublishedDocument document) => app.MapGet(
        DiscoveryPaths.Docs + address, (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return document.Answer(context);
        }).ExcludeFromDescription();

    private static PublishedDocument OwnFile(string file, string contentType) =>
        Resource(typeof(DocsPage), $"{typeof(DocsPage).Namespace}.Docs.{file}", contentType);

    private static PublishedDocument LibraryFile(string file, string contentType) =>
        Resource(typeof(SwaggerUiSettings), $"NSwag.AspNetCore.SwaggerUi.{file}", contentType);

    private static PublishedDocument Resource(Type beside, string name, string contentType) => new(contentType, () =>
    {
        using var resource = beside.Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is missing in {beside.Assembly.GetName().Name}.");
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    });
}
