using Parle.Tests.Service;

namespace Parle.Tests.Crash;

/// A place where the service runs: when its process dies, another takes its place, on another port.
public sealed class Site(string connectionString, params (string Name, string Value)[] settings) : IAsyncDisposable
{
    // Far more than any answer takes, so that one that never comes is found out.
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private volatile HttpClient client = new();
    private ParleProcess? process;

    /// A client of the process that serves now.
    public HttpClient Client => client;

    public ParleProcess Process => process!;

    /// The service as it starts on a data folder, with a private PostgreSQL.
    public static Site OfDataFolder(string path) => new("", ("PARLE_DATA", path));

    public async Task<Site> Start()
    {
        process = await ParleProcess.Start(connectionString, settings);
        var fresh = process.Client();
        fresh.Timeout = patience; // Before anybody sees it: a client that was used once takes no other.
        client = fresh;
        return this;
    }

    public async Task KillAndRestart()
    {
        await Process.Kill();
        await Process.DisposeAsync();
        await Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }
}
