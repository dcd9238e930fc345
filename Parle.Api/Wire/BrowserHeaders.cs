namespace Parle.Api.Wire;

/// <summary>Security headers of every answer, so that a browser that opens one as a page runs nothing and shows it in no frame.</summary>
public static class BrowserHeaders
{
    /// <summary>The policy of an answer that is no page: it loads nothing and is shown in no frame (CSP Level 3).</summary>
    private const string NoPage = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Adds the headers. The first of all middlewares, so that every answer has them.</summary>
    public static Task Middleware(HttpContext context, RequestDelegate next)
    {
        Add(context.Response.Headers);
        return next(context);
    }

    /// <summary>Adds the headers. A page replaces the policy by its own.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = NoPage;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY"; // For browsers that do not know frame-ancestors.
        headers["Referrer-Policy"] = "no-referrer";
    }
}
