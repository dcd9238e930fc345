namespace Parle.Api.Discovery;

/// <summary>What a stranger can read: no version header, no credential.</summary>
public static class DiscoveryEndpoints
{
    /// <summary>Maps the discovery documents.</summary>
    public static void MapDiscovery(this WebApplication app)
    {
    }
}
