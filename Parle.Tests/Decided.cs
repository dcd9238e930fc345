using System.Text.Json;
using Parle.Domain;
using Parle.Projections;

namespace Parle.Tests;

/// A decision's outcome, for a test to judge: facts, nothing, or a refusal.
public sealed record Decided(Decision Decision)
{
    public static Decided When(Decision decision) => new(decision);

    /// These facts, in this order and no others.
    public void Then(params IReadOnlyList<object> facts)
    {
        Assert.Null(Decision.Refusal);
        Assert.Equal(facts.Select(Spell), Decision.Facts.Select(fact => Spell(fact.Data)));
    }

    /// No fact, and no refusal either: it is so already.
    public void ThenNothing() => Then();

    /// Exactly this refusal, which says nothing about this one request.
    public void ThenRefused(Refusal refusal)
    {
        Assert.Equal(refusal, Decision.Refusal);
        Assert.Empty(Decision.Facts);
    }

    /// This refusal, with a sentence that names <paramref name="because"/>.
    public void ThenRefused(Refusal refusal, string because)
    {
        ThenRefused(refusal with { Detail = Decision.Refusal?.Detail });
        Assert.Contains(because, Decision.Refusal!.Detail, StringComparison.Ordinal);
    }

    // Facts hold lists, which records compare by reference; as they are stored, they compare by what they say.
    private static string Spell(object fact) =>
        $"{fact.GetType().Name} {JsonSerializer.Serialize(fact, fact.GetType(), StoredJson.Options)}";
}
