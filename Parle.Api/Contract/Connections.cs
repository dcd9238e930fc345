using System.Net;
using Microsoft.AspNetCore.Connections;
using Parle.Api.Bounds;

namespace Parle.Api.Contract;

/// <summary>
/// Connections to a node (<c>Parle:Limits:ConnectionsPerNode</c>). A network may have as many as it leaves free: so one that takes all it
/// can leaves half to others, whether it sends anything or not; likewise within an IPv6 /48, which has half of the node's at most.
/// </summary>
public sealed class Connections
{
    private readonly HeldShares shares;
    private readonly int limit;

    /// <summary>Counts for this node.</summary>
    public Connections(IConfiguration configuration)
    {
        limit = HoldingLimits.Bound(Limits.Of(configuration, "ConnectionsPerNode", 16_384));
        shares = new(limit, "connections");
    }

    /// <summary>Serves a connection; one too many is closed before anything is read from it.</summary>
    public async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        var (lease, _) = shares.Take(
            1, Network.WayTo((connection.RemoteEndPoint as IPEndPoint)?.Address, int.MaxValue, limit / 2, "connections"));
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
