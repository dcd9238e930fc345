using System.Text.Json;

namespace Parle.Domain.Asks;

/// <summary>Examples of requests and answers, from their shapes.</summary>
public static class AskExamples
{
    /// <summary>A value that the shape accepts, with every needed member and those that have an example.</summary>
    public static JsonElement Of(AskShape shape, string? sha256 = null) => JsonSerializer.SerializeToElement(Object(shape.Members, sha256));

    private static Dictionary<string, object> Object(IReadOnlyList<AskMember> members, string? sha256) => members
        .Where(member => member.IsNeeded || member.Example != "…")
        .ToDictionary(member => member.Name, member => member switch
        {
            { IsList: true, Of: { } inner } => new[] { Object(inner, sha256) },
            { IsList: true } => new[] { member.Example },
            { IsSubjectDigest: true } => sha256 ?? AskSubject.ExampleDigest,
            _ => (object)member.Example,
        });
}
