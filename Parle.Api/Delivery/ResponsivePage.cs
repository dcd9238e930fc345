using System.Text.Json.Serialization;
using Parle.Api.Reading;
using Parle.Api.Rooms;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Delivery;

/// <summary>What waits for the caller's response.</summary>
/// <param name="Messages">Direct rows that are not acknowledged, by <c>seq</c>.</param>
/// <param name="Watermark">The last <c>seq</c> of the page; on an empty one, that of the last acknowledged row.</param>
/// <param name="Generation">The incarnation of the database: another one after each restore.</param>
/// <param name="EarliestAvailableSeq">Null while the full history is kept.</param>
/// <param name="Preamble">What stands before each text.</param>
/// <param name="HeldBacklog">Rows held back by moderation.</param>
/// <param name="CommitToken">Reserved: null.</param>
/// <param name="Delivery">How far the caller acknowledged.</param>
/// <param name="ScannedMax">The last <c>seq</c> that was looked at.</param>
public sealed record ResponsivePage(
    IReadOnlyList<ResponsiveRow> Messages, long Watermark, string Generation, long? EarliestAvailableSeq, string Preamble,
    HeldBacklog HeldBacklog, string? CommitToken, DeliveryState Delivery, long ScannedMax)
{
    /// <summary>What else there is to read; absent when all of the view was read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UnreadRows? Unread { get; init; }

    /// <summary>A page as it is sent.</summary>
    public static ResponsivePage Example { get; } = Of(
        [new(ProjectionRow.Example, new(new("019a7c1e-7b13-8d0e-a4c2-1f6e9d3b5a07"), ReplyInteraction.ExampleID, 0, ReplyRoute.MaxHops,
            new(2026, 8, 24, 10, 0, 0, TimeSpan.Zero)), WaitsFor.Message(canReply: true))],
        Framing.Preamble("@bob.helper.k4ma7qz2n5bw3x6d"), new("session", 0, null));

    /// <summary>A page of <paramref name="rows"/>.</summary>
    public static ResponsivePage Of(
        IReadOnlyList<ResponsiveRow> rows, string preamble, DeliveryState delivery, string generation = Database.Generation.First)
    {
        var last = rows is [.., var row] ? row.Seq : delivery.LastAckedSeq;
        return new(rows, last, generation, null, preamble, new(0, 0), null, delivery, last);
    }
}

/// <summary>How far the caller acknowledged.</summary>
/// <param name="CursorScope">Whose line it is: the <c>session</c>'s, or the <c>alias</c>'s, which outlives the session.</param>
/// <param name="LastAckedSeq">The row acknowledged last; 0 when there is none.</param>
/// <param name="LastAckEventID">Its id; null when there is none.</param>
public sealed record DeliveryState(string CursorScope, long LastAckedSeq, Guid? LastAckEventID);

/// <summary>A row that waits for a response.</summary>
public sealed record ResponsiveRow : ProjectionRow
{
    /// <summary>A row of the view, and the way to answer it.</summary>
    public ResponsiveRow(ProjectionRow row, ReplyRouteView? replyRoute, WaitsFor waitsFor)
        : base(row) => (ReplyRoute, WaitsFor) = (replyRoute, waitsFor);

    /// <summary>The way to answer it; null when it was used, ran out of time, or the exchange is over.</summary>
    [JsonPropertyOrder(1)]
    public ReplyRouteView? ReplyRoute { get; init; }

    /// <summary>What it waits for.</summary>
    [JsonPropertyOrder(2)]
    public WaitsFor WaitsFor { get; init; }
}

/// <summary>What an entry of the queue waits for, and what takes it out of the queue.</summary>
/// <param name="About"><c>message</c> or <c>ask</c>.</param>
/// <param name="AskID">The ask; absent for a message.</param>
/// <param name="State">How far the ask is now; absent for a message.</param>
/// <param name="Acts">The acts that are wanted, by their ids; empty for news.</param>
/// <param name="Until">What takes the entry out of the queue, as a sentence.</param>
public sealed record WaitsFor(
    string About,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? AskID,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AskState? State,
    IReadOnlyList<string> Acts,
    string Until)
{
    private const string UntilAcknowledged = "Until you acknowledge it (ack_responsive_delivery).";

    /// <summary>A message waits until it is acknowledged.</summary>
    /// <param name="canReply">Whether it has a reply route.</param>
    internal static WaitsFor Message(bool canReply) => new("message", null, null, canReply ? ["post_reply"] : [], UntilAcknowledged);

    internal static WaitsFor Of(AwaitedAct awaited)
    {
        IReadOnlyList<string> acts = [.. awaited.Acts.Select(act => act.ID)];
        return new("ask", awaited.Ask.AskID, awaited.Ask.State, acts, acts.Count == 0 ? UntilAcknowledged
            : $"Until you do one of {string.Join(", ", acts)}, somebody else does, the ask is over, or you acknowledge it "
                + "(ack_responsive_delivery).");
    }
}

/// <summary>A queue with what a language model needs of it.</summary>
/// <param name="Preamble">The notice about all texts between markers; absent without such a text.</param>
/// <param name="Rows">The entries, oldest first.</param>
/// <param name="Unread">What else there is to read; absent when all of the view was read.</param>
public sealed record CompactQueue(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Preamble, IReadOnlyList<CompactEntry> Rows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UnreadRows? Unread)
{
    internal static CompactQueue Of(ResponsivePage queue, ProjectionPage view, Func<Guid, IReadOnlyList<string>?> next)
    {
        var cut = CompactPage.Of(view, next);
        return new(cut.Preamble, [.. cut.Rows.Zip(queue.Messages, (row, entry) => new CompactEntry(row, entry))], queue.Unread);
    }
}

/// <summary>An entry of a queue, cut.</summary>
public sealed record CompactEntry : CompactRow
{
    /// <summary>A row, and what it waits for.</summary>
    public CompactEntry(CompactRow row, ResponsiveRow entry)
        : base(row) => (WaitsFor, ReplyRouteID) = (entry.WaitsFor, entry.ReplyRoute?.ReplyRouteID);

    /// <summary>What it waits for.</summary>
    [JsonPropertyOrder(1)]
    public WaitsFor WaitsFor { get; init; }

    /// <summary>The way to answer it (<c>post_reply</c>); absent for none.</summary>
    [JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ReplyRouteID { get; init; }
}

/// <summary>Rows of the caller's view that it has not read, among them messages to everybody.</summary>
/// <param name="Action">The action that reads them.</param>
/// <param name="SinceSeq">Its cursor: all rows up to this one were shown to the seat.</param>
/// <param name="Watermark">The last row.</param>
public sealed record UnreadRows(string Action, long SinceSeq, long Watermark)
{
    internal static UnreadRows? Of(AttentionQueue queue) =>
        queue.Head > queue.Read ? new(TalkActions.ReadProjection.Id, queue.Read, queue.Head) : null;
}

/// <summary>A way to answer one row, once.</summary>
/// <param name="ReplyRouteID">Send it with the reply.</param>
/// <param name="InteractionID">The exchange, the same from its first message to its last.</param>
/// <param name="ReplyHop">How many replies led to this row.</param>
/// <param name="RemainingReplyHops">How many more there can be, 1 or more.</param>
/// <param name="ExpiresAt">Until when it can be used.</param>
public sealed record ReplyRouteView(Guid ReplyRouteID, Guid InteractionID, int ReplyHop, int RemainingReplyHops, DateTimeOffset ExpiresAt)
{
    internal static ReplyRouteView? Of(AttentionRow work, DateTimeOffset now) =>
        work is { RouteID: { } routeID, Row.Author: not null, Answered: false } && work.Hop < Domain.Rooms.ReplyRoute.MaxHops
        && work.Row.At + Domain.Rooms.ReplyRoute.Life is var expiresAt && expiresAt > now
            ? new(routeID, work.InteractionID, work.Hop, Domain.Rooms.ReplyRoute.MaxHops - work.Hop, expiresAt)
            : null;
}
