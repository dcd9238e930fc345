using System.Text.Json;
using Parle.Api.Callers;
using Parle.Api.Reading;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Projections.Asks;

namespace Parle.Api.Asks;

/// <summary>
/// Pages of an ask's history and context. The request and the answer have at most <see cref="Domain.Asks.AskTexts.MaxBytes"/> each;
/// together with these pages and the affordances an ask stays below 300 KiB.
/// </summary>
public static class AskHistory
{
    /// <summary>Most bytes of a row's content. Longer ones can be read one by one in the reader's view.</summary>
    public const int MaxRowBytes = 8 * 1024;

    /// <summary>Most bytes of a page of history.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Most bytes of a page of context items, without their contents.</summary>
    public const int MaxContextBytes = 48 * 1024;

    /// <summary>A page of history, and the position to go on from.</summary>
    /// <param name="newestFirst">The history, and one more row if there is more.</param>
    /// <param name="caller">The reader.</param>
    /// <param name="askID">The ask.</param>
    public static (IReadOnlyList<ProjectionRow> Rows, long? Before) Of(IReadOnlyList<AskHistoryRow> newestFirst, Caller caller, Guid askID)
    {
        var preamble = Framing.Preamble(caller.Address);
        var page = Fitting(newestFirst.Take(AskPage.MaxFacts).Select(fact => Render(fact, preamble, caller, askID)), MaxBytes);
        return ([.. page.Reverse()], newestFirst.Count > page.Count ? page[^1].Seq : null);
    }

    /// <summary>As many of <paramref name="parts"/> as fit into so many bytes of an answer, and at least one.</summary>
    public static IReadOnlyList<T> Fitting<T>(IEnumerable<T> parts, int maxBytes)
    {
        var (page, bytes) = (new List<T>(), 0L);
        foreach (var part in parts)
        {
            bytes += JsonSerializer.SerializeToUtf8Bytes(part, WireJson.Options).Length + 1;
            if (page.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            page.Add(part);
        }

        return page;
    }

    // The text in place of long words is the service's own, as it is of words that were redacted.
    private static ProjectionRow Render(AskHistoryRow fact, string preamble, Caller caller, Guid askID)
    {
        var row = RowRendering.Render(fact.Row, preamble);
        var where = $"/v/rooms/{caller.RoomID}/projection?since_seq={row.Seq - 1}";
        return fact.Bytes <= MaxRowBytes ? row : row with
        {
            Payload = JsonSerializer.SerializeToElement(
                new { body = "", ask = new { ask_id = askID }, left_out = new { bytes = fact.Bytes, where } }),
            Content = $"These words have {fact.Bytes} bytes and are left out here. Read them at {where}",
            Fence = null,
            Provenance = new("parle", "system"),
        };
    }
}
