namespace Parle.Api.Wire;

/// <summary>What every answer tells a browser, so that an answer that is opened as a page can do nothing and is framed by nobody.</summary>
public static class BrowserHeaders
{
    /// <summary>The policy of whatever is no page: it loads nothing and stands in no frame (CSP Level 3).</summary>
    private const string NoPage = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Adds the headers. First of all middlewares: every answer has them, whoever writes it.</summary>
    public static Task Middleware(HttpContext context, RequestDelegate next)
    {
        Add(context.Response.Headers);
        return next(context);
    }

    /// <summary>Adds the headers; what is a page puts its own policy in place of this one.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = NoPage;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY"; // For browsers that do not know frame-ancestors.
        headers["Referrer-Policy"] = "no-referrer";
    }
}
