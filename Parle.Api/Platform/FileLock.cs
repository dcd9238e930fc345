namespace Parle.Api.Platform;

/// <summary>
/// File locks that the operating system releases when their holder dies. .NET opens files close-on-exec, so PostgreSQL does not inherit
/// them. The folder must be on a file system that supports locks, as every local one does.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Takes the exclusive lock, and waits for it if necessary.</summary>
    public static async Task<FileStream> ExclusiveAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryExclusive(path) is { } held)
                return held;
            await Task.Delay(interval, ct);
        }
    }

    /// <summary>Takes the exclusive lock; null when another process holds the file in any way.</summary>
    public static FileStream? TryExclusive(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException held) when (IsHeld(held))
        {
            return null;
        }
    }

    /// <summary>Takes the shared lock.</summary>
    public static FileStream Shared(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, bufferSize: 0);

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows: .NET has no exception type of its own for them.
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
