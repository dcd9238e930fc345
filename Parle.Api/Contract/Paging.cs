using System.Text.Json;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Lists that come in pages.</summary>
public static class Paging
{
    /// <summary>Most that a page lists.</summary>
    public const int MaxRows = 200;

    /// <summary>Most bytes of what a page lists: no answer that somebody can be made to fetch has more than 300 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Before all, of a list that begins with the newest.</summary>
    public static readonly Guid Newest = Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>The cursor of a list that begins with the newest.</summary>
    public static QueryParameter FromNewest => new("after", "string", "The `next` of the page before. Absent: from the newest.");

    /// <summary>The cursor of any other list.</summary>
    public static QueryParameter FromFirst => new("after", "string", "The `next` of the page before. Absent: from the first.");

    /// <summary>What is said to who goes on from nowhere.</summary>
    public static Refusal NoCursor { get; } = Refusals.MalformedRequest.Because("after must be the next of an earlier page.");

    /// <summary>Reads <c>after</c>; false when it is no cursor. Absent: from <paramref name="first"/>.</summary>
    public static bool After(HttpContext context, out Guid after, Guid first = default)
    {
        var sent = context.Request.Query["after"];
        var cursor = WireID.Read(sent);
        after = cursor ?? first;
        return sent is [] || cursor is not null;
    }

    /// <summary>As many as fit into one answer, and at least one; and where to go on, null when these are all.</summary>
    /// <param name="found">What there is from the cursor on, one more than <paramref name="maxRows"/> when there is more.</param>
    /// <param name="id">By what a page is gone on from.</param>
    /// <param name="maxRows">Most of a page.</param>
    /// <param name="maxBytes">Most bytes of a page, as it is sent.</param>
    public static (IReadOnlyList<T> Page, Guid? Next) Fit<T>(IReadOnlyList<T> found, Func<T, Guid> id, int maxRows = MaxRows, int maxBytes = MaxBytes)
    {
        var (count, bytes) = (0, 0L);
        while (count < Math.Min(found.Count, maxRows) && (bytes += JsonSerializer.SerializeToUtf8Bytes(found[count], WireJson.Options).Length + 1) is var sum && (count == 0 || sum <= maxBytes))
        {
            count++;
        }

        return ([.. found.Take(count)], count < found.Count ? id(found[count - 1]) : null);
    }
}
