using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parle.Domain.Contents;

namespace Parle.Domain.Asks;

/// <summary>What is to be reviewed or approved.</summary>
/// <param name="Kind">What it is, e.g. <c>commit</c>.</param>
/// <param name="Ref">Where it is found.</param>
/// <param name="Sha256">SHA-256 of it, 64 lowercase hex digits: the review or approval is of exactly this.</param>
public sealed record AskSubject(string? Kind, string? Ref, string? Sha256)
{
    /// <summary>A digest for examples.</summary>
    public const string ExampleDigest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The refusal of it; null when nothing is wrong.</summary>
    public Refusal? Obstacle() =>
        Line.Obstacle("subject.kind", Kind, 100) is { } kind ? kind
        : Line.Obstacle("subject.ref", Ref, 1000) is { } reference ? reference
        : IsDigest(Sha256) ? null
        : Refusals.ValidationFailed.Because("subject.sha256 must be the SHA-256 of the subject, 64 lowercase hexadecimal digits.");

    /// <summary>The subject as data of a row.</summary>
    public JsonObject Json() => new() { ["kind"] = Kind, ["ref"] = Ref, ["sha256"] = Sha256 };

    /// <summary>Whether <paramref name="text"/> has the form of a SHA-256 digest.</summary>
    public static bool IsDigest(string? text) => text?.Length == 64 && !text.AsSpan().ContainsAnyExcept(HexDigits);
}

/// <summary>The text of a request.</summary>
/// <param name="Kind">The kind of ask.</param>
/// <param name="Title">The title, one line.</param>
/// <param name="Request">The request that the kind takes.</param>
/// <param name="Subject">The subject; null for none, where the kind needs none.</param>
/// <param name="DoneWhen">The asker's criteria.</param>
public sealed record AskRequest(AskKind Kind, string? Title, JsonElement Request, AskSubject? Subject, IReadOnlyList<string> DoneWhen)
{
    /// <summary>Most characters of a title.</summary>
    public const int MaxTitle = 200;

    /// <summary>Most criteria.</summary>
    public const int MaxCriteria = 20;

    /// <summary>Most characters of a criterion, and of a line about omitted parts.</summary>
    public const int MaxLine = 500;

    /// <summary>The refusal of the request; null for none.</summary>
    public Refusal? Obstacle()
    {
        if (Line.Obstacle("title", Title, MaxTitle) is { } refusal)
        {
            return refusal;
        }

        if (DoneWhen.Count > MaxCriteria)
        {
            return Refusals.ValidationFailed.Because($"done_when takes up to {MaxCriteria} criteria.");
        }

        if (DoneWhen.Select(criterion => Line.Obstacle("each of done_when", criterion, MaxLine)).FirstOrDefault(wrong => wrong is not null)
            is { } broken)
        {
            return broken;
        }

        if (Subject is null && AskKinds.Of(Kind).NeedsSubject)
        {
            var need = AskKinds.One(kind => kind.NeedsSubject, "and");
            return Refusals.ValidationFailed.Because($"{char.ToUpperInvariant(need[0])}{need[1..]} need a subject: kind, ref and sha256.");
        }

        return Subject?.Obstacle() ?? AskShapes.RequestOf(Kind).Obstacle("request", Request);
    }

    /// <summary>The request as text, for readers without support for asks.</summary>
    public string Text() => string.Join("\n",
    [
        .. Subject is null ? (string[])[$"Asks for {AskTexts.Spell(Kind)}: {Title}"]
            : [$"Asks for {AskTexts.Spell(Kind)} of exactly this. Subject, SHA-256: {Subject.Sha256}",
                $"Subject, as the asker calls it: {Subject.Kind} {Subject.Ref}", $"Title: {Title}"],
        .. AskShapes.RequestOf(Kind).Lines(Request),
        .. DoneWhen.Select(criterion => $"Done when: {criterion}"),
    ]);

    /// <summary>The request as data of a row.</summary>
    public JsonObject Json() => new()
    {
        ["title"] = Title,
        ["request"] = JsonNode.Parse(CanonicalJson.Of(Request)),
        ["subject"] = Subject?.Json(),
        ["done_when"] = new JsonArray([.. DoneWhen.Select(criterion => (JsonNode)criterion)]),
    };
}
