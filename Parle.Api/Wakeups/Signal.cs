namespace Parle.Api.Wakeups;

/// <summary>The kind of a notification.</summary>
public enum SignalKind
{
    /// <summary>A view gained a row. The key is the room, for common rows, or the seat, for private ones.</summary>
    Row,

    /// <summary>New work in a room. The key is the session, the alias or the seat that it is for.</summary>
    Work,

    /// <summary>
    /// A caller's access changed: a session ended, was superseded or took an alias; a token was revoked; a seat or an agent was removed.
    /// The key is the session, token, seat or agent.
    /// </summary>
    Standing,

    /// <summary>A wake stream was opened; older ones of the same session are to close. The key is the session.</summary>
    Stream,
}

/// <summary>A notification. It carries no data: its listener queries for itself, and a needless one costs one query.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">The key that its listeners wait for.</param>
/// <param name="About">The room of new work, or the id of a stream; otherwise empty.</param>
public readonly record struct Signal(SignalKind Kind, Guid Key, Guid About = default)
{
    /// <summary>A short text form, for other nodes.</summary>
    public override string ToString() => About == Guid.Empty ? $"{(int)Kind}{Key:N}" : $"{(int)Kind}{Key:N}{About:N}";

    /// <summary>Parses the text form.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static Signal Parse(ReadOnlySpan<char> text) =>
        new((SignalKind)(text[0] - '0'), Guid.ParseExact(text[1..33], "N"),
            text.Length > 33 ? Guid.ParseExact(text[33..], "N") : Guid.Empty);
}
