using System.Globalization;
using Parle.Domain;

namespace Parle.Api.Rooms;

/// <summary>From where a reader goes on, and how long it waits.</summary>
/// <param name="SinceSeq">The last <c>seq</c> it has, 0 or more.</param>
/// <param name="Wait">How long it waits for a row when there is none, 0 to 30 seconds.</param>
public sealed record ReadCursor(long SinceSeq, TimeSpan Wait)
{
    /// <summary>The longest wait, in seconds; more is cut down to it.</summary>
    public const int MaxWaitSeconds = 30;

    // No view is longer, and adding to it stays within 64 bits.
    private const long MaxSeq = 1L << 53;

    /// <summary>Reads the query, or says what is wrong with it.</summary>
    public static Refusal? Read(IQueryCollection query, out ReadCursor cursor)
    {
        cursor = new(0, TimeSpan.Zero);
        if (!TryRead(query, "since_seq", out var since))
        {
            return Refusals.MalformedRequest.Because("since_seq must be a whole number, 0 or more.");
        }

        if (!TryRead(query, "wait", out var wait))
        {
            return Refusals.MalformedRequest.Because("wait must be a whole number of seconds, 0 or more.");
        }

        if (query["generation"] is not ([] or [ProjectionPage.OnlyGeneration]))
        {
            return Refusals.MalformedRequest.Because("generation must be g0, or absent.");
        }

        cursor = new(Math.Min(since, MaxSeq), TimeSpan.FromSeconds(Math.Min(wait, MaxWaitSeconds)));
        return null;
    }

    private static bool TryRead(IQueryCollection query, string name, out long value)
    {
        value = 0;
        return query[name] switch
        {
            [] => true,
            [{ } text] => !text.AsSpan().ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value), // Parsing alone lets NULs pass.
            _ => false,
        };
    }
}
