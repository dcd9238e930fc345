using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Parle.Api.Platform;

namespace Parle.Api.Hosting;

/// <summary>
/// Checks that the service can listen on its addresses, before anything else begins, so that a start that must fail leaves nothing behind.
/// </summary>
internal static class ListenAddresses
{
    /// <summary>The advice for https without a certificate.</summary>
    public const string NoCertificate =
        "https needs a certificate: name it in Kestrel__Certificates__Default__Path and …__Password (for development: dotnet dev-certs "
        + "https), or listen on http behind a proxy.";

    private const string Setting = "ASPNETCORE_URLS";
    private const string DevelopmentCertificate = "1.3.6.1.4.1.311.84.1.1"; // The mark of certificates made by "dotnet dev-certs".
    private const int MaxSocketPath = 107; // Bytes that a Unix address has room for on Linux; elsewhere fewer.
    private const string Usual = "Write it as http://127.0.0.1:5080; several are separated by semicolons.";

    /// <summary>Checks every configured address.</summary>
    /// <exception cref="StartException">An address is malformed, or cannot be listened on.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().ToList() is { Count: > 0 } endpoints)
        {
            endpoints.ForEach(
                endpoint => _ = endpoint["Url"] is { Length: > 0 } url ? Read($"Kestrel__Endpoints__{endpoint.Key}__Url", url) : null);
            return; // These take precedence and have their own certificates: what else is wrong with them the server tells.
        }

        var tried = new List<Socket>(); // Held until all are tried, so that one shows which is named twice.
        try
        {
            foreach (var (setting, url) in Named(configuration))
            {
                if (Check(setting, url, configuration) is { } socket)
                {
                    tried.Add(socket);
                }
            }
        }
        finally
        {
            tried.ForEach(socket => socket.Dispose());
        }
    }

    private static IEnumerable<(string Setting, string Url)> Named(IConfiguration configuration)
    {
        if (configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls)
        {
            var named = Parts(urls);
            return named.Length > 0
                ? named.Select(url => (Setting, url)) : throw new StartException($"{Setting}: \"{urls}\" names no address. {Usual}");
        }

        return [.. Parts(configuration["HTTP_PORTS"]).Select(port => ("ASPNETCORE_HTTP_PORTS", $"http://*:{port}")),
            .. Parts(configuration["HTTPS_PORTS"]).Select(port => ("ASPNETCORE_HTTPS_PORTS", $"https://*:{port}"))];
    }

    private static string[] Parts(string? several) =>
        (several ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static BindingAddress Read(string setting, string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
            _ = address.IsUnixPipe ? address.UnixPipePath : null;
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            throw new StartException($"{setting}: \"{url}\" is no address to listen on. {Usual}");
        }

        if (address.Scheme is not ("http" or "https"))
        {
            throw new StartException($"{setting}: \"{url}\" begins with neither http:// nor https://. {Usual}");
        }

        if (address.IsNamedPipe)
        {
            return OperatingSystem.IsWindows()
                ? address : throw new StartException($"{setting}: \"{url}\" is a named pipe, which only Windows has. {Usual}");
        }

        if (address.IsUnixPipe)
        {
            return address;
        }

        if (address.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new StartException($"{setting}: \"{url}\" has no port that there is: ports go up to {IPEndPoint.MaxPort}.");
        }

        if (address.PathBase.Length > 0)
        {
            throw new StartException($"{setting}: \"{url}\" has a path. The service is served at the root: leave \"{address.PathBase}\" "
                + "out, and let a proxy add it.");
        }

        // The server would take any other name for all addresses of the machine, which is more than was said.
        if (address.Host is not ("*" or "+" or "localhost") && !IPAddress.TryParse(address.Host, out _))
        {
            throw new StartException($"{setting}: \"{address.Host}\" of \"{url}\" is no IP address. Name one of this machine, localhost, "
                + $"or * for all of them. {Usual}");
        }

        if (address is { Port: 0, Host: "localhost" })
        {
            throw new StartException(
                $"{setting}: \"{url}\" asks for any free port, which goes with an IP address alone: write 127.0.0.1 instead of localhost.");
        }

        return address;
    }

    private static Socket? Check(string setting, string url, IConfiguration configuration)
    {
        var address = Read(setting, url);
        if (address.Scheme == "https" && configuration["Kestrel:Certificates:Default:Path"] is null
            && configuration["Kestrel:Certificates:Default:Subject"] is null && !HasDevelopmentCertificate())
        {
            throw new StartException(NoCertificate);
        }

        if (address.IsUnixPipe)
        {
            Reach(setting, url, address.UnixPipePath);
        }

        return address.IsUnixPipe || address.IsNamedPipe || address.Port == 0 ? null
            : Bind(setting, url, new(
                address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host, out var one) ? one : IPAddress.IPv6Any,
                address.Port));
    }

    private static void Reach(string setting, string url, string path)
    {
        if (path.Length == 0 || !Path.IsPathRooted(path) || Encoding.UTF8.GetByteCount(path) > MaxSocketPath)
        {
            throw new StartException($"{setting}: \"{url}\" names no socket. Write its whole path, of at most {MaxSocketPath} bytes, as "
                + "http://unix:/run/parle/http.sock");
        }

        if (Path.Exists(path))
        {
            throw new StartException(
                $"{setting}: {path} is there already. If no service listens there any more, remove it; otherwise name another one.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new StartException(
                $"{setting}: there is no folder for the socket {path}. Make it, for this account, or name another one.");
        }
    }

    private static Socket? Bind(string setting, string url, IPEndPoint at)
    {
        var socket = (Socket?)null;
        try
        {
            socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (at.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(at);
            socket.Listen();
            return socket;
        }
        catch (SocketException refused)
        {
            socket?.Dispose();
            return refused.SocketErrorCode switch
            {
                // Without IPv6 the server listens on IPv4 alone.
                SocketError.AddressFamilyNotSupported or SocketError.ProtocolNotSupported or SocketError.OperationNotSupported
                    when at.Address.Equals(IPAddress.IPv6Any) => null,
                SocketError.AddressAlreadyInUse => throw new StartException($"Failed to bind to {url}: address already in use. Another "
                    + $"service listens there, or it is named twice; name another address with --urls or {setting}."),
                SocketError.AddressNotAvailable => throw new StartException(
                    $"{setting}: {url} is no address of this machine. Name one that is, or http://*:{at.Port} for all of them."),
                SocketError.AccessDenied =>
                    throw new StartException($"{setting}: this account may not listen on {url}. Name a port above 1023."),
                _ => throw new StartException($"{setting}: nothing can listen on {url} ({refused.Message}). Name another address of this "
                    + $"machine, or http://*:{at.Port} for all of them."),
            };
        }
    }

    private static bool HasDevelopmentCertificate()
    {
        try
        {
            using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
            store.Open(OpenFlags.ReadOnly);
            return store.Certificates.Any(certificate => certificate.HasPrivateKey
                && certificate.Extensions.Any(extension => extension.Oid?.Value == DevelopmentCertificate));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false; // There is no store yet.
        }
    }
}
