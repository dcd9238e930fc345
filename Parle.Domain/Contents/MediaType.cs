using System.Text.RegularExpressions;

namespace Parle.Domain.Contents;

/// <summary>The grammar of media types: <c>type/subtype</c> (RFC 6838 §4.2), with parameters behind it (RFC 9110 §8.3.1).</summary>
public static partial class MediaType
{
    /// <summary>Most characters.</summary>
    public const int MaxLength = 200;

    /// <summary>Null when <paramref name="text"/> is a media type; otherwise its error.</summary>
    public static Refusal? Obstacle(string text) =>
        text.Length <= MaxLength && Grammar().IsMatch(text) ? null
        : Refusals.ValidationFailed.Because(
            $"media_type has the form type/subtype, e.g. text/plain or text/plain; charset=utf-8, in at most {MaxLength} characters.");

    [GeneratedRegex(
        """\A[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}( *; *[A-Za-z0-9!#$%&'*+.^_`|~-]+=([A-Za-z0-9!#$%&'*+.^_`|~-]+|"([ !#-\[\]-~]|\\[ -~])*"))*\z""",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Grammar();
}
