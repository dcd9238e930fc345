using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Parle.Bench;

/// <summary>The least that any answer over TCP takes on this machine: a byte there and back.</summary>
internal static class LoopbackEcho
{
    /// <summary>Measures so many round trips.</summary>
    public static async Task<Measurement> Measure(int times, CancellationToken cancellation)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient { NoDelay = true };
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellation);
        using var far = await listener.AcceptTcpClientAsync(cancellation);
        far.NoDelay = true;
        var echoing = Echo(far.Client, cancellation);

        var latencies = new List<TimeSpan>();
        var one = new byte[1];
        for (var i = -times / 4; i < times; i++)
        {
            var sent = Stopwatch.GetTimestamp();
            await near.Client.SendAsync(one, cancellation);
            await near.Client.ReceiveAsync(one, cancellation);
            if (i >= 0)
            {
                latencies.Add(Stopwatch.GetElapsedTime(sent));
            }
        }

        near.Client.Shutdown(SocketShutdown.Send);
        await echoing;
        return Measurement.Of(latencies);
    }

    private static async Task Echo(Socket socket, CancellationToken cancellation)
    {
        var one = new byte[1];
        while (await socket.ReceiveAsync(one, cancellation) > 0)
        {
            await socket.SendAsync(one, cancellation);
        }
    }
}
