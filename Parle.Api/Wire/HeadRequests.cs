using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Parle.Api.Wire;

/// <summary>
/// HEAD wherever there is GET (RFC 9110 §9.3.2): the same answer without its content, with GET's status. A HEAD shows nothing to the
/// caller. So it ends at once where GET would stay open, and writes nothing to the read ledger.
/// </summary>
public static class HeadRequests
{
    private static readonly AsyncLocal<bool> showsNothing = new();

    /// <summary>
    /// Whether the present read is for the head of an answer alone. Nothing is shown, so it is not written to the read ledger, and does not
    /// wait.
    /// </summary>
    public static bool ShowsNothing => showsNothing.Value;

    /// <summary>Routes a HEAD request as GET. Comes before routing.</summary>
    public static async Task Middleware(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        context.Request.Method = HttpMethods.Get;
        context.Features.Set(new Asked());
        showsNothing.Value = true;
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.Features.Set(body);
        }
    }

    /// <summary>Whether the request asked only for the head of the answer.</summary>
    public static bool IsOne(HttpContext context) => context.Features.Get<Asked>() is not null;

    /// <summary>The methods of an address as the router names them, with HEAD wherever there is GET.</summary>
    public static StringValues BesideGet(StringValues allow) =>
        $"{allow}".Split(", ").Contains(HttpMethods.Get) ? $"{allow}, {HttpMethods.Head}" : allow;

    private sealed class Asked;
}
