using Parle.Api.Platform;

namespace Parle.Api.Invitations;

/// <summary>The public URL of the service.</summary>
public sealed class PublicUrl(IConfiguration configuration)
{
    private readonly string? named = configuration["Parle:PublicUrl"]?.TrimEnd('/');

    /// <summary>For the answer to a request: the URL that its sender used. Only loopback goes without TLS.</summary>
    public string BaseFor(HttpRequest request) => named ?? $"{(IsLoopback(request.Host.Host) ? request.Scheme : "https")}://{request.Host}";

    /// <summary>The URL for mail to others: the Host header of a request does not count, since its sender can choose it.</summary>
    public string BaseForMail => named ?? (configuration[WebHostDefaults.ServerUrlsKey] ?? ServiceUrl.Default).Split(';')[0].TrimEnd('/');

    /// <summary>The URL at which an invitation is accepted.</summary>
    public static string OfInvitation(string address, Guid invitationID) => $"{address}/room-invitations/{invitationID}";

    private static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "::1" or "[::1]";
}

/// <summary>The public URL of the service, for the sender of a request.</summary>
/// <param name="Text">The URL, without a slash at its end.</param>
[FromRequest]
public sealed record RequestUrl(string Text)
{
    /// <summary>The URL for the answer to a request.</summary>
    public static RequestUrl Of(HttpContext context) =>
        new(context.RequestServices.GetRequiredService<PublicUrl>().BaseFor(context.Request));
}
