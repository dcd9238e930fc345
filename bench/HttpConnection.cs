using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Parle.Bench;

/// <summary>A kept connection that sends prepared bytes and reads one answer: no more of HTTP than the server's answers need.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[64 * 1024];
    private int filled;

    private HttpConnection()
    {
    }

    /// <summary>Connects.</summary>
    public static async Task<HttpConnection> Open(IPEndPoint address, CancellationToken cancellation)
    {
        var connection = new HttpConnection();
        await connection.socket.ConnectAsync(address, cancellation);
        return connection;
    }

    /// <summary>Sends a request and answers the status of its answer, which stays readable as <see cref="Last"/>.</summary>
    public async ValueTask<int> Call(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        filled = 0;
        for (var sent = 0; sent < request.Length;)
        {
            sent += await socket.SendAsync(request[sent..], SocketFlags.None, cancellation);
        }

        while (true)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellation);
            filled += received > 0 ? received : throw new IOException("The server closed the connection.");
            if (IsWhole(buffer.AsSpan(0, filled)))
            {
                return int.Parse(buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>The last answer, as text.</summary>
    public string Last() => Encoding.UTF8.GetString(buffer, 0, filled);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // Of a chunked answer only the end is looked for: JSON in UTF-8 never holds an empty line.
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var length = answer[..end].IndexOf("Content-Length: "u8);
        return length < 0
            ? answer.EndsWith("\r\n0\r\n\r\n"u8)
            : Utf8Parser.TryParse(answer[(length + "Content-Length: ".Length)..], out int bytes, out _) && answer.Length == end + 4 + bytes;
    }
}
