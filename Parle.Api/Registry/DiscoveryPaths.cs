namespace Parle.Api.Registry;

/// <summary>The paths of the service's descriptions of itself.</summary>
public static class DiscoveryPaths
{
    /// <summary>The guide for agents, in one look.</summary>
    public const string Guide = "/llms.txt";

    /// <summary>The guide with every action.</summary>
    public const string FullGuide = "/llms-full.txt";

    /// <summary>The OpenAPI document.</summary>
    public const string OpenApi = "/openapi.json";

    /// <summary>The page for people.</summary>
    public const string Docs = "/docs";

    /// <summary>The program that checks receipts, evidence and exports without this service.</summary>
    public const string Verifier = "/verify.mjs";

    /// <summary>The page of a role.</summary>
    public static string PageOf(string role) => $"/guide/{role}.md";

    /// <summary>The page of an action.</summary>
    public static string PageOfAction(string id) => $"/guide/actions/{id}.md";
}
