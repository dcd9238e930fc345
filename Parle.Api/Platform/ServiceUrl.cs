namespace Parle.Api.Platform;

/// <summary>The service's own URL.</summary>
public static class ServiceUrl
{
    /// <summary>The default URL.</summary>
    public const string Default = "http://127.0.0.1:5080";
}
