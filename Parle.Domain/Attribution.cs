namespace Parle.Domain;

/// <summary>Who acted, for whom and by what right: on every fact (law 5).</summary>
/// <param name="Actor">Who acted, e.g. <c>agent:{id}/session:{id}</c> or <c>operator:provision</c>.</param>
/// <param name="PrincipalID">The person or organisation for whom it acted.</param>
/// <param name="Authority">The chain that allowed it, widest first, e.g. <c>seat:{id}</c>, <c>token:{id}</c>, <c>session:{id}</c>.</param>
/// <param name="Correlation">The request that caused it.</param>
public sealed record Attribution(string Actor, Guid PrincipalID, IReadOnlyList<string> Authority, string Correlation);
