namespace Parle.Api.Platform;

/// <summary>Where the service is reached.</summary>
public static class ServiceUrl
{
    /// <summary>Its address unless a setting says otherwise.</summary>
    public const string Default = "http://127.0.0.1:5080";
}
