using System.Text.Json.Serialization;
using Parle.Api.Reading;
using Parle.Api.Rooms;
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
    /// <summary>A page as it is sent.</summary>
    public static ResponsivePage Example { get; } = Of(
        [new(ProjectionRow.Example, new(new("019a7c1e-7b13-8d0e-a4c2-1f6e9d3b5a07"), ReplyInteraction.ExampleID, 0, ReplyRoute.MaxHops,
            new(2026, 8, 24, 10, 0, 0, TimeSpan.Zero)))],
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
    public ResponsiveRow(ProjectionRow row, ReplyRouteView? replyRoute)
        : base(row) => ReplyRoute = replyRoute;

    /// <summary>The way to answer it; null when it was used, ran out of time, or the exchange is over.</summary>
    [JsonPropertyOrder(1)]
    public ReplyRouteView? ReplyRoute { get; init; }
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
        work.Row.Author is not null && !work.Answered && work.Hop < Domain.Rooms.ReplyRoute.MaxHops
        && work.Row.At + Domain.Rooms.ReplyRoute.Life is var expiresAt && expiresAt > now
            ? new(work.RouteID, work.InteractionID, work.Hop, Domain.Rooms.ReplyRoute.MaxHops - work.Hop, expiresAt)
            : null;
}
