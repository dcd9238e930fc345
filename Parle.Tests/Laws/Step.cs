using CsCheck;

namespace Parle.Tests.Laws;

/// The parties of a history. X has two sessions of one agent; W's sessions come and go: only the roster tells X.
public enum Who
{
    X,
    XToo,
    Y,
    Z,
    W,
}

/// One thing that somebody does.
public abstract record Step(Who By)
{
    /// Says something to all (nobody named) or to some, each under its lasting name or under the name of its run.
    public sealed record Says(Who By, IReadOnlyList<Who> To, bool ByLastingName) : Step(By);

    /// Answers along its route what was said in an earlier step.
    public sealed record Replies(Who By, int About) : Step(By);

    public sealed record Acknowledges(Who By, int About) : Step(By);

    /// A new run of W takes W's alias over, and comes in.
    public sealed record TakesOver() : Step(Who.W);

    public sealed record Goes() : Step(Who.W);

    /// Takes the words of an earlier step away, if it may.
    public sealed record Redacts(Who By, int About) : Step(By);

    public static readonly Gen<Step[]> Histories =
        Gen.Select(Gen.Int[0, 13], Gen.Enum<Who>(), Gen.Enum<Who>().Array[0, 3], Gen.Bool, Gen.Int[0, 30], Of).Array[8, 26]
            .Select(ByItsAuthor).Where(history => SomebodyWhispers(history));

    /// Whether X must not learn of it. What nobody said cannot be answered.
    public static bool IsHiddenFromX(IReadOnlyList<Step> history, int index) => history[index] switch
    {
        Says said => !IsX(said.By) && said.To.Count > 0 && !said.To.Any(IsX),
        Replies reply => !IsX(reply.By) && !(reply.About < index && IsX(history[reply.About].By)),
        Redacts { By: var by, About: var about } =>
            !IsX(by) && !(about < index && history[about].By == by && !IsHiddenFromX(history, about)),
        { By: var by } => !IsX(by),
    };

    public static bool IsX(Who who) => who is Who.X or Who.XToo;

    private static bool SomebodyWhispers(IReadOnlyList<Step> history) =>
        history.Index().Any(step => step.Item is Says && IsHiddenFromX(history, step.Index));

    private static Step Of(int what, Who by, Who[] to, bool byLastingName, int about) => what switch
    {
        <= 5 => Saying(by, [.. to.Distinct()], byLastingName),
        <= 7 => new Replies(by, about),
        <= 9 => new Acknowledges(by, about),
        10 => new TakesOver(),
        11 => new Goes(),
        _ => new Redacts(by, about),
    };

    // Most of what is tried would be refused otherwise. What X tries stays as it is.
    private static Step[] ByItsAuthor(Step[] history) =>
        [.. history.Select(
            step => step is Redacts redacts && !IsX(step.By) && redacts.About < history.Length && history[redacts.About] is Says said
                ? redacts with { By = said.By } : step)];

    // Nothing of W's may touch X, or it would not be hidden that W comes and goes.
    private static Says Saying(Who by, IReadOnlyList<Who> to, bool byLastingName) =>
        by is Who.W ? new(by, [.. to.Where(who => !IsX(who)).DefaultIfEmpty(Who.Y)], byLastingName)
        : to.Contains(Who.W) && (IsX(by) || to.Any(IsX)) ? new(
            by, [.. to.Where(who => who is not Who.W).DefaultIfEmpty(Who.X)], byLastingName)
        : new(by, to, byLastingName);
}
