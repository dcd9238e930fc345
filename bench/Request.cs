using System.Globalization;
using System.Text;

namespace Parle.Bench;

/// <summary>A request as the bytes that are sent, with one place of a fixed width that changes from call to call.</summary>
internal sealed class Request
{
    /// <summary>Bytes of the text of a message.</summary>
    public const int BodyLength = 200;

    /// <summary>The version that the requests speak.</summary>
    public const string Version = "2026-08-17";

    private const string Place = "{place}";
    private const int Width = 20;

    private static readonly string Message = $$$"""{"type":"message_submitted","payload":{"body":"{{{new string('x', BodyLength)}}}"}}""";

    private readonly byte[] bytes;
    private readonly int place;

    private Request(string text)
    {
        place = text.IndexOf(Place, StringComparison.Ordinal);
        bytes = Encoding.ASCII.GetBytes(text.Replace(Place, new string('0', Width), StringComparison.Ordinal));
    }

    /// <summary>A message; what changes is its key.</summary>
    public static Request Submit(Seat seat) =>
        new($"POST /v/rooms/{seat.RoomID}/messages HTTP/1.1\r\n{Headers(seat)}Idempotency-Key: {Place}\r\nContent-Type: application/json\r\nContent-Length: {Message.Length}\r\n\r\n{Message}");

    /// <summary>A read of what came after a cursor; what changes is the cursor.</summary>
    public static Request Read(Seat seat, int wait = 0) => new($"GET /v/rooms/{seat.RoomID}/projection?since_seq={Place}&wait={wait} HTTP/1.1\r\n{Headers(seat)}\r\n");

    /// <summary>The bytes to send, with <paramref name="value"/> in its place. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> With(long value)
    {
        value.TryFormat(bytes.AsSpan(place, Width), out _, "D20", CultureInfo.InvariantCulture);
        return bytes;
    }

    private static string Headers(Seat seat) =>
        $"Host: 127.0.0.1\r\nAuthorization: Bearer {seat.Token}\r\nParle-Agent-Session: {seat.Credential}\r\nParle-Version: {Version}\r\n";
}
