using System.Text.Json.Serialization;
using Parle.Domain.Asks;

namespace Parle.Api.Registry;

/// <summary>
/// One thing of an offer that only the caller can know. Without it the request is refused, and the refusal names it (law 7).
/// </summary>
/// <param name="Name">Its place in the body, members joined by dots; for a part of the path the word in braces.</param>
/// <param name="Type">Its JSON type; in the short form absent for a string.</param>
/// <param name="Prompt">Its meaning, as a sentence to whoever fills it in.</param>
public sealed record Blank(
    string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type, string Prompt)
{
    /// <summary>The same in fewer bytes.</summary>
    internal Blank InShort() => this with { Type = Type is "string" ? null : Type, Items = Items?.Select(item => item.InShort()).ToList() };

    /// <summary>The words that it can be; absent for any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>For a list of objects: what each element needs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Blank>? Items { get; init; }

    /// <summary><c>path</c> for a part of the path; absent for a member of the body.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? In { get; init; }

    /// <summary>The blank of a member of a request or an answer of one kind of ask.</summary>
    /// <param name="member">The member.</param>
    /// <param name="path">The place of its object; empty for none.</param>
    public static Blank Of(AskMember member, string path) => new(
        path.Length > 0 ? $"{path}.{member.Name}" : member.Name, member.IsList ? "array" : "string", member.Description)
    {
        Choices = member.Words,
        Items = member.Of is { } inner ? [.. inner.Where(one => one.IsNeeded).Select(one => Of(one, ""))]
            : member.IsList ? [new("", "string", member.Description)] : null,
    };
}
