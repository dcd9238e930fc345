namespace Parle.Api.LocalPostgres;

/// <summary>The log file of PostgreSQL, and the one before it: together at most about twice the bound.</summary>
internal sealed class PostgresLog(string path)
{
    /// <summary>The size in bytes past which the log is rotated.</summary>
    public const long Bound = 8 * 1024 * 1024;

    private const int tail = 4000;

    /// <summary>The log's size in bytes.</summary>
    public long Length => new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>
    /// Rotates the log to ".1" when it has grown past the bound. PostgreSQL keeps appending to the same file, so the file is copied and
    /// truncated; a line written in between is lost.
    /// </summary>
    public void Trim()
    {
        if (Length <= Bound)
            return;
        File.Copy(path, path + ".1", overwrite: true);
        using var log = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        log.SetLength(0);
    }

    /// <summary>The text logged past a position; of a long text its end.</summary>
    public string Since(long position)
    {
        if (!File.Exists(path))
            return "";
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = Math.Clamp(log.Length - tail, Math.Min(position, log.Length), log.Length);
        using var text = new StreamReader(log);
        return text.ReadToEnd().Trim();
    }
}
