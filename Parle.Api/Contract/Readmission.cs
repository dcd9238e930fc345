using Parle.Api.Platform;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Checks again, after a wait, whether a request's caller may come in: its session or its token may be over by then.</summary>
/// <param name="context">The request.</param>
[FromRequest]
public sealed class Readmission(HttpContext context)
{
    /// <summary>The check of a request.</summary>
    public static Readmission Of(HttpContext context) => new(context);

    /// <summary>Returns the reason to refuse the caller now; null when it would be let in.</summary>
    public Task<Refusal?> Obstacle() =>
        RequestContract.AdmitCaller(context, context.GetEndpoint()!.Metadata.GetRequiredMetadata<ServesAttribute>().Action);
}
