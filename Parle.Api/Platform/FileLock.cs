namespace Parle.Api.Platform;

/// <summary>
/// Locks that the operating system drops when their holder dies, however it dies. .NET opens files close-on-exec, so
/// PostgreSQL does not inherit them. The folder must be on a file system that knows locks, as every local one does.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until nobody else holds the file, and holds it alone.</summary>
    public static async Task<FileStream> ExclusiveAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryExclusive(path) is { } held)
                return held;
            await Task.Delay(interval, ct);
        }
    }

    /// <summary>Holds the file alone, or returns null when somebody else holds it in any way.</summary>
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

    /// <summary>Holds the file together with others.</summary>
    public static FileStream Shared(string path) => new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, bufferSize: 0);

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows: .NET has no exception type of its own for them.
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
