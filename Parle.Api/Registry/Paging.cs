using System.Text.Json;
using Parle.Api.Wire;

namespace Parle.Api.Registry;

/// <summary>Lists that come in pages.</summary>
public static class Paging
{
    /// <summary>Most that a page lists.</summary>
    public const int MaxRows = 200;

    /// <summary>Most bytes of what a page lists: no answer that somebody can be made to fetch has more than 300 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>As many as fit into one answer, and at least one; and where to go on, null when these are all.</summary>
    /// <param name="found">What there is from the cursor on, one more than <paramref name="maxRows"/> when there is more.</param>
    /// <param name="id">By what a page is gone on from.</param>
    /// <param name="maxRows">Most of a page.</param>
    /// <param name="maxBytes">Most bytes of a page, as it is sent.</param>
    public static (IReadOnlyList<T> Page, Guid? Next) Fit<T>(
        IReadOnlyList<T> found, Func<T, Guid> id, int maxRows = MaxRows, int maxBytes = MaxBytes)
    {
        var (count, bytes) = (0, 0L);
        while (count < Math.Min(found.Count, maxRows)
            && (bytes += JsonSerializer.SerializeToUtf8Bytes(found[count], WireJson.Options).Length + 1) is var sum
            && (count == 0 || sum <= maxBytes))
        {
            count++;
        }

        return ([.. found.Take(count)], count < found.Count ? id(found[count - 1]) : null);
    }
}
