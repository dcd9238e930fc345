using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Provisioning;

/// <summary>The options of provisioning.</summary>
/// <param name="NewTokens">Whether existing tokens are minted again.</param>
public sealed record ProvisionQuery(bool NewTokens)
{
    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<ProvisionQuery>(
        [new("new_tokens", "string", "`true`: mint tokens again that exist already. Absent: show none of those.")],
        request => request.Query["new_tokens"] is [] or ["true"] or ["false"]
            ? (new(request.Query["new_tokens"] is ["true"]), null)
            : (null, Refusals.MalformedRequest.Because("new_tokens must be true or false.")));
}
