using System.Text.Json;
using JasperFx.Events;
using Marten;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Projections;

/// <summary>A fact's metadata: its attribution (law 5), and its places in its readers' views.</summary>
public static class FactMetadata
{
    internal const string ActorHeader = "actor";
    internal const string PrincipalHeader = "principal";
    internal const string AuthorityHeader = "authority";
    /// <summary>The header with a fact's placement.</summary>
    public const string PlacementHeader = "placement";

    private const string OperatorStep = "operator:";
    internal const string LeavesHeader = "leaves"; // In memory only: caches the digests on the event.

    /// <summary>Builds the event that records <paramref name="data"/>.</summary>
    /// <param name="session">The unit of work it will be appended in.</param>
    /// <param name="data">The fact.</param>
    /// <param name="id">The fact's id; its content has the same one.</param>
    /// <param name="at">The moment of the fact.</param>
    /// <param name="attribution">The attribution.</param>
    /// <param name="placement">The places in its readers' views; null for a fact outside of rooms.</param>
    public static IEvent BuildFact(
        this IDocumentSession session, object data, Guid id, DateTimeOffset at, Attribution attribution, Placement? placement = null)
    {
        var fact = session.Events.BuildEvent(data);
        fact.Id = id;
        fact.Timestamp = at;
        fact.CorrelationId = attribution.Correlation;
        fact.SetHeader(ActorHeader, attribution.Actor);
        fact.SetHeader(PrincipalHeader, attribution.PrincipalID.ToString());
        fact.SetHeader(AuthorityHeader, attribution.Authority);
        if (placement is not null && placement != Placement.Nowhere)
        {
            fact.SetHeader(PlacementHeader, placement);
        }

        return fact;
    }

    /// <summary>The placement of <paramref name="fact"/>.</summary>
    public static Placement PlacementOf(IEvent fact) => fact.GetHeader(PlacementHeader) switch
    {
        null => Placement.Nowhere,
        Placement justDecided => justDecided,
        JsonElement stored => stored.Deserialize<Placement>(StoredJson.Options)!,
        var other => throw new InvalidOperationException($"Fact {fact.Id} has a placement that cannot be read ({other.GetType().Name})."),
    };

    /// <summary>The actor, see <see cref="Attribution.Actor"/>.</summary>
    public static string ActorOf(IEvent fact) => Text(fact, ActorHeader);

    /// <summary>The principal it acted for.</summary>
    public static Guid PrincipalOf(IEvent fact) => Guid.Parse(Text(fact, PrincipalHeader));

    /// <summary>The authority chain, widest first.</summary>
    public static IReadOnlyList<string> AuthorityOf(IEvent fact) => fact.GetHeader(AuthorityHeader) switch
    {
        JsonElement { ValueKind: JsonValueKind.Array } stored => [.. stored.EnumerateArray().Select(step => step.GetString()!)],
        IReadOnlyList<string> steps => steps,
        IEnumerable<object> stored => [.. stored.Select(step => $"{step}")],
        var other => throw new InvalidOperationException($"Fact {fact.Id} has an authority that cannot be read ({other?.GetType().Name})."),
    };

    /// <summary>The number of tokens in that chain above the one that acted.</summary>
    public static int TokensAboveIn(IEvent fact) =>
        fact.GetHeader(AuthorityHeader) is null ? 0 : Attribution.TokensAboveIn(AuthorityOf(fact));

    /// <summary>
    /// The service's operators in that chain, outermost first; null for none. An operator at the machine itself has no id.
    /// </summary>
    public static Guid[]? OperatorsOf(IEvent fact)
    {
        var operators = AuthorityOf(fact).Where(step => step.StartsWith(OperatorStep, StringComparison.Ordinal))
            .Select(step => Guid.TryParse(step.AsSpan(OperatorStep.Length), out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)
            .Distinct().ToArray();
        return operators.Length == 0 ? null : operators;
    }

    private static string Text(IEvent fact, string header) => fact.GetHeader(header) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } stored => stored.GetString()!,
        var other => throw new InvalidOperationException($"Fact {fact.Id} has no {header} that can be read ({other?.GetType().Name})."),
    };
}
