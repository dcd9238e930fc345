using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Parle.Bench;

/// <summary>A connection over which the server sends events, each as one chunk of its endless answer.</summary>
internal sealed class EventConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[2048];
    private int taken;
    private int filled;

    private EventConnection()
    {
    }

    /// <summary>Connects, asks, and answers when the headers have come.</summary>
    public static async Task<EventConnection> Open(IPEndPoint address, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var connection = new EventConnection();
        try
        {
            await connection.socket.ConnectAsync(address, cancellation);
            await connection.socket.SendAsync(request, SocketFlags.None, cancellation);
            var head = await connection.Until("\r\n\r\n"u8.ToArray(), cancellation);
            return head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? connection : throw new IOException($"No stream: {head}");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The next event, as text. Keepalives are none.</summary>
    public async Task<string> Next(CancellationToken cancellation)
    {
        while (true)
        {
            var length = int.Parse(await Until("\r\n"u8.ToArray(), cancellation), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var chunk = await Take(length + 2, cancellation);
            if (length == 0 || chunk[0] != ':')
            {
                return length > 0 ? chunk[..length] : throw new IOException("The server closed the stream.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private async ValueTask<string> Until(byte[] end, CancellationToken cancellation)
    {
        while (true)
        {
            if (buffer.AsSpan(taken, filled - taken).IndexOf(end) is >= 0 and var length)
            {
                return (await Take(length + end.Length, cancellation))[..length];
            }

            await Receive(cancellation);
        }
    }

    private async ValueTask<string> Take(int length, CancellationToken cancellation)
    {
        while (filled - taken < length)
        {
            await Receive(cancellation);
        }

        var text = Encoding.Latin1.GetString(buffer, taken, length);
        taken += length;
        return text;
    }

    private async ValueTask Receive(CancellationToken cancellation)
    {
        if (taken > 0)
        {
            buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
            (taken, filled) = (0, filled - taken);
        }

        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        var received = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellation);
        filled += received > 0 ? received : throw new IOException("The server closed the connection.");
    }
}
