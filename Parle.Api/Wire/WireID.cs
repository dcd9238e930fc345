namespace Parle.Api.Wire;

/// <summary>Ids on the wire: 36 characters, hexadecimal digits in groups of 8-4-4-4-12, in either case.</summary>
public static class WireID
{
    /// <summary>
    /// Parses an id; null when <paramref name="text"/> is not one. The framework's own parser accepts blanks, braces, signs and other
    /// forms, and two parsers must not read one text differently.
    /// </summary>
    public static Guid? Read(string? text) => text is { Length: 36 } && Array.TrueForAll([8, 13, 18, 23], place => text[place] == '-')
        && text.Index().All(letter => letter.Index is 8 or 13 or 18 or 23 || char.IsAsciiHexDigit(letter.Item))
        && Guid.TryParseExact(text, "D", out var id)
            ? id : null;

    /// <summary>
    /// The id in the path under <paramref name="name"/>. A malformed one becomes <see cref="Guid.Empty"/>, which names nothing: it gets the
    /// answer of an unknown id (law 9).
    /// </summary>
    /// <exception cref="InvalidOperationException">The path has no such part.</exception>
    public static Guid OfPath(HttpContext context, string name) => context.GetRouteValue(name) is string text
        ? Read(text) ?? Guid.Empty : throw new InvalidOperationException($"The path of this action has no {{{name}}}.");

    /// <summary>The id in the path under <paramref name="name"/>; null when it is malformed.</summary>
    public static Guid? InPath(HttpContext context, string name) => Read(context.GetRouteValue(name) as string);
}
