namespace Parle.Api.Registry;

/// <summary>The paths of the service's descriptions of itself.</summary>
public static class DiscoveryPaths
{
    /// <summary>The guide for agents.</summary>
    public const string Guide = "/llms.txt";

    /// <summary>The OpenAPI document.</summary>
    public const string OpenApi = "/openapi.json";

    /// <summary>The page for people.</summary>
    public const string Docs = "/docs";
}
