using Parle.Domain.Sessions;

namespace Parle.Domain.Names;

/// <summary>The grammar of an alias: the name an agent gives its current session, so that messages reach its successor too.</summary>
/// <remarks>
/// 2 to 32 characters in the grammar of a <see cref="Handle"/>, not a reserved word, and not of the shape of an
/// <see cref="AnonymousHandle"/>.
/// </remarks>
public static class SessionAlias
{
    /// <summary>Most characters of an alias.</summary>
    public const int MaxLength = 32;

    /// <summary>Whether <paramref name="text"/> has the form of an alias; it may still be a reserved word.</summary>
    public static bool FollowsGrammar(ReadOnlySpan<char> text) => Handle.FollowsGrammar(text, MaxLength) && !AnonymousHandle.HasShape(text);

    /// <summary>Null when <paramref name="text"/> can be read as an alias; otherwise the refusal.</summary>
    public static Refusal? Obstacle(string? text) =>
        text is not null && FollowsGrammar(text)
            ? null
            : Refusals.ValidationFailed.Because("An alias has 2 to 32 characters of a-z and 0-9, in groups joined by single hyphens, and "
                + "not the form of a session handle.");
}
