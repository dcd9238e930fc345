using System.Text.Json;

namespace Parle.Domain.Asks;

/// <summary>What is asked for.</summary>
public enum AskKind
{
    /// <summary>An answer in words.</summary>
    Help,

    /// <summary>Excerpts of a log, with their sources and cuts.</summary>
    Logs,

    /// <summary>A verdict on a subject, with comments.</summary>
    Review,

    /// <summary>Permission to use a subject, once.</summary>
    Approval,
}

/// <summary>The rules of one kind of ask. Checks, texts, schemas, examples and offers are derived from it.</summary>
/// <param name="Kind">The kind, as facts store it.</param>
public sealed record KindOfAsk(AskKind Kind)
{
    /// <summary>The kind's word on the wire.</summary>
    public string Word { get; } = JsonNamingPolicy.SnakeCaseLower.ConvertName(Kind.ToString());

    /// <summary>The kind in a sentence, singular.</summary>
    public required string One { get; init; }

    /// <summary>The kind in a sentence, plural.</summary>
    public required string Many { get; init; }

    /// <summary>An example of a title.</summary>
    public required string ExampleTitle { get; init; }

    /// <summary>The members of <c>request</c>.</summary>
    public required AskShape Request { get; init; }

    /// <summary>The members of <c>answer</c>; null for a kind that a quorum of principals decides.</summary>
    public required AskShape? Answer { get; init; }

    /// <summary>The members of <c>answer</c> in a sentence; null for a kind that is decided.</summary>
    public required string? AnswerInWords { get; init; }

    /// <summary>Whether such an ask requires a subject.</summary>
    public required bool NeedsSubject { get; init; }

    /// <summary>Whether its asker can replace the subject.</summary>
    public required bool SubjectCanBeReplaced { get; init; }

    /// <summary>
    /// Whether a quorum of principals decides it for a while, instead of one seat that answers. The result can be used once.
    /// </summary>
    public bool IsDecided => Answer is null;

    /// <summary>The acts that it takes, in the order in which an ask meets them.</summary>
    public IReadOnlyList<AskAct> Acts => [.. AskActs.All.Where(act => act.IsFor(this))];
}

/// <summary>
/// The kinds of asks, a row each. A new kind is a name, a row and a line of <see cref="Of"/>, all in this file; CONTRIBUTING.md has the
/// other steps.
/// </summary>
public static class AskKinds
{
    private static readonly KindOfAsk Help = new(AskKind.Help)
    {
        One = "help",
        Many = "help",
        ExampleTitle = "Why does the parser fail?",
        Request = new([new("question", "What you want to know.", IsNeeded: true, Example: "Why does the parser fail on empty input?")]),
        Answer = new([new("text", "The answer.", IsNeeded: true, Example: "It expects a line break at the end.")]),
        AnswerInWords = "takes `text`",
        NeedsSubject = false,
        SubjectCanBeReplaced = false,
    };

    private static readonly KindOfAsk Logs = new(AskKind.Logs)
    {
        One = "logs",
        Many = "logs",
        ExampleTitle = "Why is the build red?",
        Request = new(
        [
            new("source", "Which log.", IsNeeded: true, Example: "test run 412") { IsLine = true },
            new("from", "The time to begin at, RFC 3339.") { IsLine = true },
            new("to", "The time to end at, RFC 3339.") { IsLine = true },
            new("filter", "What to look for.", Example: "FAILED") { IsLine = true },
        ]),
        Answer = new(
        [
            new("excerpts", "The parts that matter.", IsNeeded: true, IsList: true, Of:
            [
                new("source", "Where it comes from.", IsNeeded: true, Example: "test run 412") { IsLine = true },
                new("from", "The time of its first line.") { IsLine = true },
                new("to", "The time of its last line.") { IsLine = true },
                new("text", "The lines.", IsNeeded: true, Example: "FAILED Parser.reads_nothing"),
            ]),
            new("cut", "What was left out, in words.", IsList: true, Example: "412 lines that passed"),
        ]),
        AnswerInWords = "`excerpts` and what was `cut`",
        NeedsSubject = false,
        SubjectCanBeReplaced = false,
    };

    private static readonly KindOfAsk Review = new(AskKind.Review)
    {
        One = "a review",
        Many = "reviews",
        ExampleTitle = "Is this change good?",
        Request = new([new("focus", "What to look at above all.", Example: "error handling")]),
        Answer = new(
        [
            new("verdict", "What you think of the subject.", IsNeeded: true, Words: ["approve", "request_changes", "comment"],
                Example: "approve"),
            new("sha256", "The digest of what you reviewed.", IsNeeded: true) { IsSubjectDigest = true },
            new("comments", "What you have to say about places in it.", IsList: true, Of:
            [
                new("place", "Where, e.g. a file and a line.", IsNeeded: true, Example: "Parser.cs:12") { IsLine = true },
                new("text", "What.", IsNeeded: true, Example: "Good."),
            ]),
            new("text", "What you have to say about all of it."),
        ]),
        AnswerInWords = "a `verdict`, the `sha256` that you reviewed, and `comments`",
        NeedsSubject = true,
        SubjectCanBeReplaced = true,
    };

    private static readonly KindOfAsk Approval = new(AskKind.Approval)
    {
        One = "an approval",
        Many = "approvals",
        ExampleTitle = "May I deploy this?",
        Request = new(
            [new("action", "What you want to do with the subject.", IsNeeded: true, Example: "deploy to production") { IsLine = true }]),
        Answer = null,
        AnswerInWords = null,
        NeedsSubject = true,
        SubjectCanBeReplaced = true,
    };

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<KindOfAsk> All { get; } = [.. Enum.GetValues<AskKind>().Select(Of)];

    /// <summary>The kind of examples in documents.</summary>
    public static KindOfAsk Example { get; } = Logs;

    /// <summary>The row of <paramref name="kind"/>. A kind without one does not compile; an undefined number has none.</summary>
#pragma warning disable CS8524 // A number that is no kind throws here, instead of being taken for some kind.
    public static KindOfAsk Of(AskKind kind) => kind switch
    {
        AskKind.Help => Help,
        AskKind.Logs => Logs,
        AskKind.Review => Review,
        AskKind.Approval => Approval,
    };
#pragma warning restore CS8524

    /// <summary>The kind of a <paramref name="word"/> on the wire; null for none.</summary>
    public static KindOfAsk? Find(string? word) => All.FirstOrDefault(kind => kind.Word == word);

    /// <summary>Their words on the wire, as a sentence lists them.</summary>
    public static string Words { get; } = List(All.Select(kind => kind.Word), "or");

    /// <summary>Their number, in words.</summary>
    public static string CountInWords { get; } =
        All.Count switch { 4 => "four", 5 => "five", 6 => "six", 7 => "seven", var many => $"{many}" };

    /// <summary>The plurals of the kinds for which <paramref name="which"/> is true.</summary>
    public static string Many(Func<KindOfAsk, bool> which) => List(All.Where(which).Select(kind => kind.Many), "and");

    /// <summary>The singulars of the kinds for which <paramref name="which"/> is true.</summary>
    public static string One(Func<KindOfAsk, bool> which, string conjunction) =>
        List(All.Where(which).Select(kind => kind.One), conjunction);

    private static string List(IEnumerable<string> parts, string conjunction) => parts.ToList() switch
    {
        [.. var others, var last] when others is not [] => $"{string.Join(", ", others)} {conjunction} {last}",
        var few => string.Concat(few),
    };
}
