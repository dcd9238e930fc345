using System.Buffers;

namespace Parle.Domain.Names;

/// <summary>The grammar of names that people choose: principals, agents and rooms.</summary>
/// <remarks>2 to 20 characters of <c>a-z 0-9</c> in groups joined by single hyphens, and not a reserved word.</remarks>
public static class Handle
{
    /// <summary>Fewest characters of a handle.</summary>
    public const int MinLength = 2;

    /// <summary>Most characters of a handle.</summary>
    public const int MaxLength = 20;

    /// <summary>Words that name parts of the service, so that nobody can be called by them.</summary>
    public static readonly IReadOnlySet<string> Reserved = new HashSet<string>(StringComparer.Ordinal)
    {
        "admin", "agent", "agents", "api", "me", "null", "parle", "room", "rooms", "root", "support", "system", "www",
    };

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Null when <paramref name="text"/> is a handle; otherwise the refusal.</summary>
    public static Refusal? Obstacle(string text) =>
        !FollowsGrammar(text, MaxLength)
            ? Refusals.ValidationFailed.Because("A handle has 2 to 20 characters of a-z and 0-9, in groups joined by single hyphens.")
        : Reserved.Contains(text) ? Refusals.ValidationFailed.Because("This handle is a reserved word.")
        : null;

    /// <summary>Whether <paramref name="text"/> has the form of a handle of at most <paramref name="maxLength"/> characters.</summary>
    public static bool FollowsGrammar(ReadOnlySpan<char> text, int maxLength) =>
        text.Length >= MinLength && text.Length <= maxLength
        && !text.ContainsAnyExcept(Letters)
        && text[0] != '-' && text[^1] != '-' && text.IndexOf("--", StringComparison.Ordinal) < 0;
}
