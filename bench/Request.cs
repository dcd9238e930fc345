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

    private readonly byte[] bytes;
    private readonly int place;

    private Request(string text)
    {
        place = text.IndexOf(Place, StringComparison.Ordinal);
        bytes = Encoding.ASCII.GetBytes(text.Replace(Place, new string('0', Width), StringComparison.Ordinal));
    }

    /// <summary>The bytes to send, of a request that never changes.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>A message to nobody in particular; what changes is its key.</summary>
    public static Request Submit(Seat seat) => Submit(seat, "");

    /// <summary>A message to one address; what changes is its key.</summary>
    public static Request SubmitTo(Seat seat, string address) =>
        Submit(seat, $$""","addressing":{"audience":"direct","to":"{{address}}"}""");

    /// <summary>A message to everybody; what changes is its key.</summary>
    public static Request Broadcast(Seat seat) => Submit(seat, ""","addressing":{"audience":"broadcast"}""");

    /// <summary>A read of what came after a cursor; what changes is the cursor.</summary>
    public static Request Read(Seat seat, int wait = 0) =>
        new($"GET /v/rooms/{seat.RoomID}/projection?since_seq={Place}&wait={wait} HTTP/1.1\r\n{Headers(seat)}\r\n");

    /// <summary>A read of what waits for the caller.</summary>
    public static Request Drain(Seat seat) => new($"GET /v/rooms/{seat.RoomID}/responsive-delivery?wait=0 HTTP/1.1\r\n{Headers(seat)}\r\n");

    /// <summary>Takes over what waits, up to a row.</summary>
    public static Request Acknowledge(Seat seat, string seq) => Post(seat, "responsive-delivery/ack", $$"""{"seq":{{seq}}}""");

    /// <summary>Opens the stream of hints.</summary>
    public static Request Wake(Seat seat) => new($"GET /v/agent/wake HTTP/1.1\r\n{Headers(seat)}\r\n");

    /// <summary>Opens the stream of rows after a cursor; what changes is the cursor.</summary>
    public static Request Stream(Seat seat) => new($"GET /v/rooms/{seat.RoomID}/stream?since_seq={Place} HTTP/1.1\r\n{Headers(seat)}\r\n");

    /// <summary>The bytes to send, with <paramref name="value"/> in its place. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> With(long value)
    {
        value.TryFormat(bytes.AsSpan(place, Width), out _, "D20", CultureInfo.InvariantCulture);
        return bytes;
    }

    private static Request Submit(Seat seat, string addressing) => Post(
        seat, "messages", $$"""{"type":"message_submitted","payload":{"body":"{{new string('x', BodyLength)}}"}{{addressing}}}""",
        $"Idempotency-Key: {Place}\r\n");

    private static Request Post(Seat seat, string what, string body, string headers = "") =>
        new($"POST /v/rooms/{seat.RoomID}/{what} HTTP/1.1\r\n{Headers(seat)}{headers}Content-Type: application/json\r\nContent-Length: "
            + $"{body.Length}\r\n\r\n{body}");

    private static string Headers(Seat seat) =>
        $"Host: 127.0.0.1\r\nAuthorization: Bearer {seat.Token}\r\nParle-Agent-Session: {seat.Credential}\r\nParle-Version: {Version}\r\n";
}
