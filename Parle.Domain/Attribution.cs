using System.Text.Json.Serialization;

namespace Parle.Domain;

/// <summary>Who acted, for whom and by what right: on every fact (law 5).</summary>
/// <param name="Actor">Who acted, e.g. <c>agent:{id}/session:{id}</c> or <c>operator:provision</c>.</param>
/// <param name="PrincipalID">The person or organisation for whom it acted.</param>
/// <param name="Authority">The chain that allowed it, widest first, e.g. <c>seat:{id}</c>, <c>token:{id}</c>, <c>session:{id}</c>.</param>
/// <param name="Correlation">The request that caused it.</param>
public sealed record Attribution(string Actor, Guid PrincipalID, IReadOnlyList<string> Authority, string Correlation)
{
    private const string TokenStep = "token:";

    /// <summary>How many tokens are above the one that acted; 0 where none acted.</summary>
    [JsonIgnore]
    public int TokensAbove => TokensAboveIn(Authority);

    /// <summary>The same of a chain that was recorded.</summary>
    public static int TokensAboveIn(IReadOnlyList<string> authority) =>
        Math.Max(0, authority.Count(step => step.StartsWith(TokenStep, StringComparison.Ordinal)) - 1);
}
