using System.Security.Cryptography;
using System.Text;

namespace Parle.Domain.Rooms;

/// <summary>A reply's place in an exchange.</summary>
/// <param name="InteractionID">The exchange: the id of the message that began it.</param>
/// <param name="Hop">The number of replies so far, this one included.</param>
/// <param name="InReplyTo">The message that it answers.</param>
public sealed record ReplyLink(Guid InteractionID, int Hop, Guid InReplyTo);

/// <summary>A one-time way to answer a message without knowing its author. Each reader of the message has its own.</summary>
public static class ReplyRoute
{
    /// <summary>Most replies in one exchange, so that two agents that answer each other come to an end.</summary>
    public const int MaxHops = 8;

    /// <summary>The time after its message in which a route can be used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>
    /// The id of the route that leads back from a message. It is always the same, so that a view can be rebuilt. It opens nothing by
    /// itself, since a route is bound to its reader. A name-based UUID of version 8 (RFC 9562 §5.8) over SHA-256.
    /// </summary>
    /// <param name="messageID">The message to be answered.</param>
    /// <param name="seatID">The seat of the reader.</param>
    /// <param name="scope">The owner of the work within the seat, see <see cref="Target.Scope"/>.</param>
    public static Guid ID(Guid messageID, Guid seatID, string scope) =>
        NameBased.ID("reply_route", messageID.ToString(), seatID.ToString(), scope);

    /// <summary>The place of a reply to a message; null when the exchange is over.</summary>
    /// <param name="messageID">The message to be answered.</param>
    /// <param name="reply">The place of that message itself.</param>
    public static ReplyLink? Next(Guid messageID, ReplyLink? reply) =>
        (reply?.Hop ?? 0) < MaxHops ? new(reply?.InteractionID ?? messageID, (reply?.Hop ?? 0) + 1, messageID) : null;
}

/// <summary>Ids that are derived from names.</summary>
public static class NameBased
{
    /// <summary>A UUID of version 8 (RFC 9562 §5.8): the first bits of SHA-256 over <paramref name="parts"/>.</summary>
    public static Guid ID(params IReadOnlyList<string> parts)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }
}
