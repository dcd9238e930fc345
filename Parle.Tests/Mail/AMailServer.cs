using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Parle.Tests.Mail;

/// As much of RFC 5321 as a client needs to get rid of a mail.
internal sealed class AMailServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Channel<(string To, string Mail)> taken = Channel.CreateUnbounded<(string, string)>();
    private int refusals;

    private AMailServer() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// A server that listens; at first it is busy, for so many mails.
    public static AMailServer Start(int busyFor = 0)
    {
        var server = new AMailServer { refusals = busyFor };
        _ = server.Listen();
        return server;
    }

    /// The next mail: to whom, and with its headers.
    public async Task<(string To, string Mail)> Next() => await taken.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void Dispose() => listener.Dispose();

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                _ = Talk(await listener.AcceptTcpClientAsync());
            }
        }
        catch (SocketException)
        {
            // It is closed.
        }
        catch (ObjectDisposedException)
        {
            // It is closed.
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var connection = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 mail.example");
        var to = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250 mail.example");
                    break;
                case "MAIL" when Interlocked.Decrement(ref refusals) >= 0:
                    await writer.WriteLineAsync("451 busy");
                    break;
                case "RCPT":
                    to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    var mail = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } text and not ".")
                    {
                        mail.Append(text).Append('\n');
                    }

                    await writer.WriteLineAsync("250 taken");
                    await taken.Writer.WriteAsync((to, mail.ToString()));
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }
}
