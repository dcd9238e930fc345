using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Names;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>Turns stored rows into rows of the wire, for one reader.</summary>
public static class RowRendering
{
    /// <summary>
    /// Most bytes of a page's rows, except for a single row. No answer that a caller can be made to fetch exceeds 300 KiB.
    /// </summary>
    public const int MaxPageBytes = 306_000; // Of 307,200, with what stands around them.

    /// <summary>A page of as many of <paramref name="rows"/> as fit, and at least one.</summary>
    public static ProjectionPage Page(IReadOnlyList<TimelineRow> rows, long watermarkWhenEmpty, string readerAddress, string generation)
    {
        var preamble = Framing.Preamble(readerAddress);
        var page = new List<ProjectionRow>(rows.Count);
        long bytes = 0;
        foreach (var row in rows)
        {
            bytes += BoundOf(row, preamble);
            if (page.Count > 0 && bytes > MaxPageBytes)
            {
                break;
            }

            page.Add(Render(row, preamble));
        }

        return ProjectionPage.Of(page, page is [.., var last] ? last.Seq : watermarkWhenEmpty, preamble, generation);
    }

    /// <summary>One row of the wire.</summary>
    public static ProjectionRow Render(TimelineRow row, string preamble)
    {
        var payload = JsonElement.Parse(row.Content ?? "{}");
        var audience = RowAudience.Read(row.Addressing);
        var addressing = Format(audience);
        if (row.Author is not { } author)
        {
            var said = payload.TryGetProperty("body", out var own) ? own.GetString()! : null;
            var text = said ?? row.Type switch
            {
                "content_redacted" when row.Redaction is { } done => $"{done.By} redacted what was said ({done.Reason}).",
                "seat_admitted" => $"{row.Subject} was admitted to the room{RowAdmission.Words(audience?.Admission)}.",
                "seat_removed" => $"{row.Subject} was removed from the room.",
                "room_archived" => "The room was archived.",
                _ => row.Type,
            };
            return new(row.Seq, row.EventID, row.Type, said is null ? Payload(text, row.Redaction) : payload, row.At, text, null,
                new("parle", "system"), SafetyFacts.Of(text), null, new(null, null, null, null, null, null, null, null), null, addressing,
                RowModeration.None)
            { Ask = audience?.Ask, Admission = RowAdmission.Of(audience?.Admission) };
        }

        var body = payload.TryGetProperty("body", out var words) ? words.GetString()! : "";
        var fence = row.Redaction is null ? FenceFor(body) : null; // The service's own text stands in their place.
        var shown = row.Redaction is { } redaction
            ? $"Redacted by {redaction.By} ({redaction.Reason})." : Framing.Frame(preamble, fence!, body);
        var named = AuthorOf(author);
        return new(
            row.Seq, row.EventID, row.Type, row.Redaction is null ? payload : Payload("", row.Redaction), row.At, shown, fence,
            row.Redaction is null ? new(named.Address!, "participant") : new("parle", "system"), SafetyFacts.Of(body), author.ParticipantID,
            named, null, addressing, RowModeration.None)
        { Ask = audience?.Ask };
    }

    /// <summary>The author of a row, in full.</summary>
    public static RowAuthor AuthorOf(TimelineAuthor author)
    {
        var session = Address.Parse(author.SessionAddress)!;
        // A reply to an alias also reaches a session that holds it later.
        var address = (author.Alias is { } alias ? session with { Session = alias } : session).ToString();
        return new(author.ParticipantID, author.PrincipalID, author.AgentID, author.SessionID, session.Principal, session.Agent,
            session.Session, address);
    }

    private static JsonElement Payload(string body, TimelineRedaction? redaction) => redaction is null
        ? JsonSerializer.SerializeToElement(new { body })
        : JsonSerializer.SerializeToElement(
            new { body, redaction = new RowRedaction(redaction.EventID, redaction.FactID, redaction.By, redaction.Reason) },
            WireJson.Options);

    // 128 fresh random bits for each delivery: an author cannot write the end of its own frame.
    internal static string FenceFor(string body)
    {
        while (true)
        {
            var fence = RandomNumberGenerator.GetHexString(32, lowercase: true);
            if (!body.Contains(fence, StringComparison.Ordinal))
            {
                return fence;
            }
        }
    }

    /// <summary>The addressees of a row, as the wire names them.</summary>
    public static RowAddressing Format(RowAudience? audience) => audience switch
    {
        null => new(AddressingKind.Unaddressed, null, null),
        { Targets: [] } => new(audience.Kind, null, null),
        { Targets: [var one] } => new(audience.Kind, one.Address, one.ParticipantID, one.AgentSessionID),
        { Targets: var several } => new(audience.Kind, string.Join(' ', several.Select(target => target.Address)), null),
    };

    /// <summary>
    /// The most bytes that a row can have on the wire. Its text appears twice, as payload and framed; all else is less than two kilobytes
    /// and the addressees.
    /// </summary>
    internal static long BoundOf(TimelineRow row, string preamble) =>
        (2L * WrittenLength(row.Content ?? "")) + preamble.Length + (row.Addressing?.Length ?? 0) + 2048;

    // The wire escapes some characters that are stored as they are, none of them in printable ASCII.
    private static int WrittenLength(string content) =>
        Encoding.UTF8.GetByteCount(
            content.AsSpan().ContainsAnyExceptInRange(' ', '~') ? WireJson.Options.Encoder!.Encode(content) : content);
}
