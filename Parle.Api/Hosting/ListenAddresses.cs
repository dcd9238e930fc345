using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Parle.Api.Hosting;

/// <summary>Whether the service can listen where it was told to: asked before anything else is begun, so that a start that cannot succeed leaves nothing behind.</summary>
internal static class ListenAddresses
{
    /// <summary>What to do where https has no certificate.</summary>
    public const string NoCertificate =
        "https needs a certificate: name it in Kestrel__Certificates__Default__Path and …__Password (for development: dotnet dev-certs https), or listen on http behind a proxy.";

    private const string Setting = "ASPNETCORE_URLS";
    private const string DevelopmentCertificate = "1.3.6.1.4.1.311.84.1.1"; // What "dotnet dev-certs" marks its own with.

    /// <summary>Tries every address that is configured.</summary>
    /// <exception cref="StartException">One of them is none, or cannot be listened on.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            return; // These have their own certificates and take precedence; the server tells what is wrong with them.
        }

        var urls = configuration[WebHostDefaults.ServerUrlsKey] ?? "";
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Check(url, configuration);
        }

        foreach (var port in urls.Length > 0 ? [] : $"{configuration["HTTP_PORTS"]};{configuration["HTTPS_PORTS"]}".Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Check($"http://*:{port}", configuration);
        }
    }

    private static void Check(string url, IConfiguration configuration)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new StartException($"{Setting}: \"{url}\" is no address to listen on. Write it as http://127.0.0.1:5080; several are separated by semicolons.");
        }

        if (address.Scheme is not ("http" or "https"))
        {
            throw new StartException($"{Setting}: \"{url}\" begins with neither http:// nor https://. Write it as http://127.0.0.1:5080.");
        }

        if (address.IsUnixPipe || address.IsNamedPipe)
        {
            return;
        }

        if (address.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new StartException($"{Setting}: \"{url}\" has no port that there is: ports go up to {IPEndPoint.MaxPort}.");
        }

        if (address.Scheme == "https" && configuration["Kestrel:Certificates:Default:Path"] is null && configuration["Kestrel:Certificates:Default:Subject"] is null && !HasDevelopmentCertificate())
        {
            throw new StartException(NoCertificate);
        }

        if (address.Port != 0)
        {
            Bind(url, new(address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host, out var one) ? one : IPAddress.IPv6Any, address.Port));
        }
    }

    private static void Bind(string url, IPEndPoint at)
    {
        try
        {
            using var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (at.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(at);
            socket.Listen();
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new StartException($"Failed to bind to {url}: address already in use. Another service listens there; name another address with --urls or {Setting}.");
        }
        catch (SocketException foreign) when (foreign.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            throw new StartException($"{Setting}: {url} is no address of this machine. Name one that is, or http://*:{at.Port} for all of them.");
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AccessDenied)
        {
            throw new StartException($"{Setting}: this account may not listen on {url}. Name a port above 1023.");
        }
        catch (SocketException unknown) when (unknown.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.ProtocolNotSupported or SocketError.OperationNotSupported)
        {
            // Without IPv6 the server listens on IPv4 alone.
        }
    }

    private static bool HasDevelopmentCertificate()
    {
        try
        {
            using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
            store.Open(OpenFlags.ReadOnly);
            return store.Certificates.Any(certificate => certificate.HasPrivateKey && certificate.Extensions.Any(extension => extension.Oid?.Value == DevelopmentCertificate));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false; // There is no store yet.
        }
    }
}
