using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Provisioning;

/// <summary>How a description is carried out.</summary>
/// <param name="NewTokens">Whether tokens that exist already are minted again.</param>
public sealed record ProvisionQuery(bool NewTokens)
{
    /// <summary>How it is read of a request.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<ProvisionQuery>(
        [new("new_tokens", "string", "`true`: mint tokens again that exist already. Absent: show none of those.")],
        request => request.Query["new_tokens"] is [] or ["true"] or ["false"]
            ? (new(request.Query["new_tokens"] is ["true"]), null)
            : (null, Refusals.MalformedRequest.Because("new_tokens must be true or false.")));
}
