using System.Text.Json;
using Parle.Domain.Names;

namespace Parle.Domain.Asks;

/// <summary>A member of a request or an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its meaning.</param>
/// <param name="IsNeeded">Whether it is required.</param>
/// <param name="Words">The allowed words; null for any text.</param>
/// <param name="Of">The members of each element of a list of objects.</param>
/// <param name="IsList">Whether it is a list.</param>
/// <param name="Example">An example of a valid text; for a list, of an element's text.</param>
public sealed record AskMember(
    string Name, string Description, bool IsNeeded = false, IReadOnlyList<string>? Words = null, IReadOnlyList<AskMember>? Of = null,
    bool IsList = false, string Example = "…")
{
    /// <summary>Whether it is one line.</summary>
    public bool IsLine { get; init; }

    /// <summary>Whether it must be the digest of the ask's subject at the time of the answer.</summary>
    public bool IsSubjectDigest { get; init; }

    internal string? Wrong(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => IsNeeded ? $"{path} is missing: {Description}" : null,
        JsonValueKind.Array when IsList => value.GetArrayLength() is 0 && IsNeeded ? $"{path} is empty: {Description}"
            : value.GetArrayLength() > AskShapes.MaxElements ? $"{path} has more than {AskShapes.MaxElements} elements."
            : value.EnumerateArray().Select(element => Of is null ? Text(path, element) : AskShapes.Wrong(path, Of, element))
                .FirstOrDefault(wrong => wrong is not null),
        _ when IsList => $"{path} must be a list.",
        _ => Text(path, value),
    };

    private string? Text(string path, JsonElement value) =>
        value.ValueKind is not JsonValueKind.String ? $"{path} must be a text."
        : Words is not null && !Words.Contains(value.GetString()!) ? $"{path} must be one of {string.Join(", ", Words)}."
        : value.GetString() is "" ? IsNeeded ? $"{path} is empty: {Description}" : null
        : IsLine ? Line.Wrong(path, value.GetString(), AskShapes.MaxLine)
        : Line.HasAtMost(value.GetString()!, AskShapes.MaxText) ? null
        : $"{path} must have 1 to {AskShapes.MaxText} characters.";
}

/// <summary>The members of one kind's request or answer. Checks, schemas and examples are derived from it.</summary>
/// <param name="Members">All members.</param>
public sealed record AskShape(IReadOnlyList<AskMember> Members)
{
    /// <summary>The refusal of <paramref name="value"/>; null for none.</summary>
    public Refusal? Obstacle(string path, JsonElement value) =>
        AskShapes.Wrong(path, Members, value) is { } wrong ? Refusals.ValidationFailed.Because(wrong) : null;

    /// <summary>The member with a word of a list, which the service repeats in its own name; null for none.</summary>
    public AskMember? Verdict => Members.FirstOrDefault(member => member is { Words: not null, IsNeeded: true });

    /// <summary>The member with the digest of the ask's subject; null for none.</summary>
    public AskMember? SubjectDigest => Members.FirstOrDefault(member => member.IsSubjectDigest);

    /// <summary>The texts in a value, a line each, in the order of the shape.</summary>
    public IEnumerable<string> Lines(JsonElement value) => AskShapes.Lines(Members, value);
}

/// <summary>The shapes of the requests and answers of each kind.</summary>
public static class AskShapes
{
    /// <summary>Most characters of one text.</summary>
    public const int MaxText = 32_000;

    /// <summary>Most characters of a text that is one line.</summary>
    public const int MaxLine = 2000;

    /// <summary>Most elements of a list.</summary>
    public const int MaxElements = 100;

    /// <summary>The request of an ask of <paramref name="kind"/>.</summary>
    public static AskShape RequestOf(AskKind kind) => AskKinds.Of(kind).Request;

    /// <summary>The answer to an ask of <paramref name="kind"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Asks of this kind are not answered but decided.</exception>
    public static AskShape AnswerOf(AskKind kind) => AskKinds.Of(kind).Answer
        ?? throw new ArgumentOutOfRangeException(nameof(kind), $"{AskKinds.Of(kind).One} is decided, not answered.");

    internal static string? Wrong(string path, IReadOnlyList<AskMember> members, JsonElement value) =>
        value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            ? members.FirstOrDefault(member => member.IsNeeded) is { } needed
                ? $"{path}.{needed.Name} is missing: {needed.Description}" : null
        : value.ValueKind is not JsonValueKind.Object ? $"{path} must be an object."
        : members.Select(member => member.Wrong($"{path}.{member.Name}", Member(value, member.Name)))
            .FirstOrDefault(wrong => wrong is not null)
            ?? value.EnumerateObject().Where(member => members.All(known => known.Name != member.Name))
                .Select(member => Unknown(path, member.Name, members)).FirstOrDefault();

    // Nobody would see it: neither who decides nor who answers is shown more than the shape.
    private static string Unknown(string path, string name, IReadOnlyList<AskMember> members) =>
        $"{path} has a member that is not known here. " + (Nearest.Of(name, members.Select(member => member.Name)) is { } meant
            ? $"Did you mean {meant}?" : $"It takes {string.Join(", ", members.Select(member => member.Name))}.");

    internal static IEnumerable<string> Lines(IReadOnlyList<AskMember> members, JsonElement value)
    {
        foreach (var member in members)
        {
            var part = Member(value, member.Name);
            switch (part.ValueKind)
            {
                case JsonValueKind.String:
                    yield return $"{member.Name}: {AskTexts.SetIn(part.GetString()!)}";
                    break;
                case JsonValueKind.Array:
                    foreach (var line in part.EnumerateArray().SelectMany(element => member.Of is null
                        ? [$"{member.Name}: {AskTexts.SetIn(element.GetString()!)}"] : Lines(member.Of, element)))
                    {
                        yield return line;
                    }

                    break;
            }
        }
    }

    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
}
