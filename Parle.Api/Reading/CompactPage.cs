using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>
/// A page of a view with what a language model needs of it: the same rows, each cut. Words stand there once, between their markers.
/// </summary>
/// <param name="Preamble">The notice about all texts between markers; absent without such a text.</param>
/// <param name="Rows">The rows, by <c>seq</c>.</param>
/// <param name="Watermark">The cursor to go on from.</param>
/// <param name="Generation">The incarnation of the database.</param>
public sealed record CompactPage(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Preamble, IReadOnlyList<CompactRow> Rows,
    long Watermark, string Generation)
{
    /// <summary>A page as it is sent.</summary>
    public static CompactPage Example { get; } = Of(ProjectionPage.Example, _ => null);

    /// <summary>The same page, cut.</summary>
    /// <param name="page">The page.</param>
    /// <param name="next">The acts that the reader may do now about an ask; null for one that it cannot see.</param>
    public static CompactPage Of(ProjectionPage page, Func<Guid, IReadOnlyList<string>?> next)
    {
        var rows = Of(page.Messages, next);
        return new(
            page.Messages.Any(row => row.Fence is not null) ? page.Preamble.TrimEnd('\n') : null, rows, page.Watermark, page.Generation);
    }

    /// <summary>The same page, cut.</summary>
    /// <param name="page">The page as bytes.</param>
    /// <param name="readerAddress">The reader.</param>
    /// <param name="generation">The incarnation of the database.</param>
    /// <param name="next">The acts that the reader may do now about an ask; null for one that it cannot see.</param>
    public static CompactPage Of(ViewPage page, string readerAddress, string generation, Func<Guid, IReadOnlyList<string>?> next) => Of(
        ProjectionPage.Of(
            [.. page.Each().Select(row => JsonSerializer.Deserialize<ProjectionRow>(row.Row.Span, WireJson.Options)!)], page.Watermark,
            Framing.Preamble(readerAddress), generation), next);

    /// <summary>Rows, cut. What can be done about an ask stands in its last row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="next">The acts that the reader may do now about an ask; null for one that it cannot see.</param>
    public static IReadOnlyList<CompactRow> Of(IReadOnlyList<ProjectionRow> rows, Func<Guid, IReadOnlyList<string>?> next)
    {
        var last = rows.Where(row => row.Ask is not null).GroupBy(row => row.Ask!.AskID)
            .ToDictionary(ask => ask.Key, ask => ask.Max(row => row.Seq));
        return
        [
            .. rows.Select(row => CompactRow.Of(row) with
            { Next = row.Ask is { } ask && last[ask.AskID] == row.Seq ? next(ask.AskID) : null }),
        ];
    }
}

/// <summary>A row of a view, cut.</summary>
/// <param name="Seq">Its position in the reader's own view.</param>
/// <param name="EventID">The fact, the same for everybody.</param>
/// <param name="Type">The kind of fact.</param>
/// <param name="At">When.</param>
/// <param name="Text">The text: between its markers if a participant wrote it, else the service's own.</param>
public record CompactRow(long Seq, Guid EventID, string Type, DateTimeOffset At, string Text)
{
    /// <summary>The author's address; absent for the service's own text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    /// <summary>The addresses it was for; absent when it was for everybody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? To { get; init; }

    /// <summary>How the ask stood after this fact; absent for rows that are about none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowAsk? Ask { get; init; }

    /// <summary>What you may do about the ask now, in the last row about it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>Deceptive characters of the text, by the names of safety facts; absent for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Unsafe { get; init; }

    internal static CompactRow Of(ProjectionRow row)
    {
        var begins = row.Fence is { } fence ? row.Content.IndexOf($"«FENCE BEGIN {fence}»", StringComparison.Ordinal) : 0;
        var text = row.Content[begins..];
        return new(
            row.Seq, row.EventID, row.EventType, row.CreatedAt,
            row.Fence is not null && text.EndsWith(Framing.Suffix, StringComparison.Ordinal) ? text[..^Framing.Suffix.Length] : text)
        {
            From = row.Fence is null ? null : row.Provenance.Author,
            To = row.Addressing.Text,
            Ask = row.Ask,
            Unsafe = Named(row.SafetyFacts),
        };
    }

    private static IReadOnlyList<string>? Named(SafetyFacts facts) => JsonSerializer.SerializeToElement(facts, WireJson.Options)
        .EnumerateObject().Where(fact => fact.Value.ValueKind is JsonValueKind.True).Select(fact => fact.Name).ToList()
            is { Count: > 0 } seen
        ? seen : null;
}
