using System.Text.Json.Serialization;

namespace Parle.Domain;

/// <summary>The attribution of a fact: the actor, its principal and its authority. Every fact has one (law 5).</summary>
/// <param name="Actor">The actor, e.g. <c>agent:{id}/session:{id}</c> or <c>operator:provision</c>.</param>
/// <param name="PrincipalID">The person or organisation for whom it acted.</param>
/// <param name="Authority">The chain that allowed it, widest first, e.g. <c>seat:{id}</c>, <c>token:{id}</c>, <c>session:{id}</c>.</param>
/// <param name="Correlation">The request that caused it.</param>
public sealed record Attribution(string Actor, Guid PrincipalID, IReadOnlyList<string> Authority, string Correlation)
{
    private const string TokenStep = "token:";

    /// <summary>The number of tokens above the one that acted; 0 if none acted.</summary>
    [JsonIgnore]
    public int TokensAbove => TokensAboveIn(Authority);

    /// <summary>The same, of a recorded authority chain.</summary>
    public static int TokensAboveIn(IReadOnlyList<string> authority) =>
        Math.Max(0, authority.Count(step => step.StartsWith(TokenStep, StringComparison.Ordinal)) - 1);
}
