using Parle.Domain.Contents;

namespace Parle.Domain;

/// <summary>A fact that was decided on, and that is not in any stream yet.</summary>
/// <param name="Data">The event: past tense and flat.</param>
/// <param name="ID">The id it must have because something else is named after it; null for any.</param>
/// <param name="Content">The content the fact commits to, if any; stored apart under the fact's id.</param>
public sealed record NewFact(object Data, Guid? ID = null, Content? Content = null)
{
    /// <summary>Further contents that the fact commits to, each under an id of its own.</summary>
    public IReadOnlyList<(Guid ID, Content Content)> Attachments { get; init; } = [];
}

/// <summary>The outcome of a command: facts to record, nothing because it is so already, or a refusal.</summary>
public sealed record Decision
{
    private Decision(Refusal? refusal, IReadOnlyList<NewFact> facts) => (Refusal, Facts) = (refusal, facts);

    /// <summary>The command changes nothing, because what it asks for is already so.</summary>
    public static Decision Nothing { get; } = new(null, []);

    /// <summary>The refusal; null when the command was accepted.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The facts to record, in order; empty when refused or when nothing changes.</summary>
    public IReadOnlyList<NewFact> Facts { get; private init; }

    /// <summary>
    /// Whether it only gives back or protects, see <see cref="Asks.AskAct.GivesBack"/>. Then no bound on storage stands in its way.
    /// </summary>
    public bool GivesBack { get; init; }

    /// <summary>Records one fact.</summary>
    public static Decision Record(object fact) => new(null, [new(fact)]);

    /// <summary>Records one fact under <paramref name="id"/>, with the content it commits to.</summary>
    public static Decision Record(object fact, Guid id, Content content) => new(null, [new(fact, id, content)]);

    /// <summary>Records one fact under <paramref name="id"/>, with its content and its attachments.</summary>
    public static Decision Record(object fact, Guid id, Content content, IReadOnlyList<(Guid ID, Content Content)> attachments) =>
        new(null, [new(fact, id, content) { Attachments = attachments }]);

    /// <summary>Records several facts, in this order.</summary>
    public static Decision RecordAll(params IReadOnlyList<object> facts) => new(null, [.. facts.Select(fact => new NewFact(fact))]);

    /// <summary>Records <paramref name="facts"/> too, after the others.</summary>
    public Decision And(IEnumerable<object> facts) => this with { Facts = [.. Facts, .. facts.Select(fact => new NewFact(fact))] };

    /// <summary>Records several facts with their contents, in this order.</summary>
    public static Decision RecordAll(IReadOnlyList<NewFact> facts) => new(null, facts);

    /// <summary>Refuses: nothing is recorded.</summary>
    public static implicit operator Decision(Refusal refusal) => new(refusal, []);
}
