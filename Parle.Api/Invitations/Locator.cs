using Parle.Api.Platform;

namespace Parle.Api.Invitations;

/// <summary>Where the service is reached, as others are told.</summary>
public sealed class Locator(IConfiguration configuration)
{
    private readonly string? named = configuration["Parle:PublicUrl"]?.TrimEnd('/');

    /// <summary>For the answer to a request: as its sender reached the service. Only loopback goes without TLS.</summary>
    public string BaseFor(HttpRequest request) => named ?? $"{(IsLoopback(request.Host.Host) ? request.Scheme : "https")}://{request.Host}";

    /// <summary>For mail to somebody else: what the sender of a request says about hosts does not count.</summary>
    public string BaseForMail => named ?? (configuration[WebHostDefaults.ServerUrlsKey] ?? ServiceUrl.Default).Split(';')[0].TrimEnd('/');

    /// <summary>Where an invitation is taken up.</summary>
    public static string Of(string address, Guid invitationID) => $"{address}/room-invitations/{invitationID}";

    private static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "::1" or "[::1]";
}
