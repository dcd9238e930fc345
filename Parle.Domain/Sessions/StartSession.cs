using System.Buffers;

namespace Parle.Domain.Sessions;

/// <summary>Starts a session of an agent.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="SessionHandle">A fresh anonymous handle, see <see cref="AnonymousHandle"/>.</param>
/// <param name="TokenID">The token that starts it.</param>
/// <param name="TokenPath">The tokens above that one.</param>
/// <param name="TokenEndsAt">The moment the first of these tokens expires; null for never.</param>
public sealed record StartSession(
    Guid AgentID, string SessionHandle, Guid TokenID, IReadOnlyList<Guid> TokenPath, DateTimeOffset? TokenEndsAt)
{
    /// <summary>The longest life of a session.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>
    /// Decides. A valid token can always start one, and no session outlives its token. <see cref="SessionCap"/> bounds the number.
    /// </summary>
    public Decision Decide(DateTimeOffset now) => Decision.Record(
        new SessionStarted(AgentID, SessionHandle, TokenEndsAt < now + Life ? TokenEndsAt.Value : now + Life)
        {
            TokenID = TokenID,
            TokenPath = TokenPath,
        });
}

/// <summary>
/// The names the service gives to sessions: exactly 16 characters of <c>a-z 2-7</c>, 80 random bits in base 32 (RFC 4648 §6, lowercase).
/// </summary>
public static class AnonymousHandle
{
    /// <summary>Characters of an anonymous handle.</summary>
    public const int Length = 16;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>Whether <paramref name="text"/> has this shape, and so cannot be chosen as an alias.</summary>
    public static bool HasShape(ReadOnlySpan<char> text) => text.Length == Length && !text.ContainsAnyExcept(Letters);

    /// <summary>The handle made of <paramref name="random"/>: of 16 bytes the low five bits each.</summary>
    public static string From(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(random.Length, Length);
        Span<char> text = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            text[i] = Alphabet[random[i] & 31];
        }

        return new(text);
    }
}
