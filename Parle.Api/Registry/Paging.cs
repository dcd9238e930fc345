using System.Text.Json;
using Parle.Api.Wire;

namespace Parle.Api.Registry;

/// <summary>Lists that come in pages.</summary>
public static class Paging
{
    /// <summary>Most entries of a page.</summary>
    public const int MaxRows = 200;

    /// <summary>Most bytes of a page's entries. No answer that a caller can be made to fetch is larger than 300 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Cuts off one page: as many entries as fit, and at least one; with the position to go on from, null at the end.</summary>
    /// <param name="found">The entries after the cursor, one more than <paramref name="maxRows"/> if there are more.</param>
    /// <param name="id">The id of an entry, which the next page begins after.</param>
    /// <param name="maxRows">Most entries of a page.</param>
    /// <param name="maxBytes">Most bytes of a page, as sent.</param>
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
