namespace Parle.Api.Wakeups;

/// <summary>What a hint is about.</summary>
public enum SignalKind
{
    /// <summary>A view gained a row. The key is the room, for rows that everybody may see, or the seat, for private ones.</summary>
    Row,

    /// <summary>Somebody has new work in a room. The key is the session or the alias it was sent to.</summary>
    Work,

    /// <summary>
    /// What somebody may do changed: a session ended, was superseded or took an alias; a token was revoked; a seat or an agent was removed.
    /// The key is the session, token, seat or agent.
    /// </summary>
    Standing,

    /// <summary>A wake stream was opened; older ones of the same session are to close. The key is the session.</summary>
    Stream,
}

/// <summary>A hint, never the data: who hears it looks for itself, and one too many costs one look.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Key">For whom it is.</param>
/// <param name="About">The room of new work, or the id of a stream; otherwise empty.</param>
public readonly record struct Signal(SignalKind Kind, Guid Key, Guid About = default)
{
    /// <summary>A short text of it, for other nodes.</summary>
    public override string ToString() => About == Guid.Empty ? $"{(int)Kind}{Key:N}" : $"{(int)Kind}{Key:N}{About:N}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Signal Parse(ReadOnlySpan<char> text) =>
        new((SignalKind)(text[0] - '0'), Guid.ParseExact(text[1..33], "N"),
            text.Length > 33 ? Guid.ParseExact(text[33..], "N") : Guid.Empty);
}
