using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Parle.Api.Contract;

/// <summary>
/// Connections to a node (<c>Parle:Limits:ConnectionsPerNode</c>). A network may have as many as it leaves free: so one that takes all it can leaves
/// half to others, whether it sends anything or not.
/// </summary>
public sealed class Connections(IConfiguration configuration)
{
    private readonly HeldShares shares = new(HoldingLimits.Bound(Limits.Of(configuration, "ConnectionsPerNode", 16_384)), "connections");

    /// <summary>Serves a connection; one too many is closed before anything is read from it.</summary>
    public async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        var network = Client.NetworkOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        var (lease, _) = shares.Take(1, [new(network, IsBelow: false, int.MaxValue, "connections")]);
        if (lease is null)
        {
            connection.Abort();
            return;
        }

        using (lease)
        {
            await next(connection);
        }
    }
}
