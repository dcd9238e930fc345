using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>What the author of a message is told: that it is on the record, and where it stands.</summary>
/// <param name="EventID">The fact's id, the same for everybody.</param>
/// <param name="Seq">Its position in the author's own view.</param>
/// <param name="CreatedAt">When it was recorded.</param>
/// <param name="Replayed">Whether this answer was given before, to the same key.</param>
/// <param name="Routing">How it was routed.</param>
/// <param name="Attention">Whose attention it claims.</param>
/// <param name="Moderation">How it was delivered.</param>
/// <param name="CommitToken">Reserved: null.</param>
public sealed record Receipt(
    Guid EventID, long Seq, DateTimeOffset CreatedAt, bool Replayed, ReceiptRouting Routing, ReceiptAttention Attention, ReceiptModeration Moderation, string? CommitToken)
{
    /// <summary>A receipt as it is sent.</summary>
    public static Receipt Example { get; } = Of(
        new Guid("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"), 7, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), Addressing.None);

    /// <summary>The receipt of a message just recorded.</summary>
    public static Receipt Of(Guid eventID, long seq, DateTimeOffset createdAt, Addressing addressing) => new(
        eventID, seq, createdAt, Replayed: false, ReceiptRouting.Of(addressing), ReceiptAttention.Of(addressing), ReceiptModeration.Unmoderated, CommitToken: null);
}

/// <summary>How a message was routed.</summary>
/// <param name="Mode"><c>direct</c>, <c>broadcast</c> or <c>unaddressed</c>.</param>
/// <param name="TargetLevel">What was addressed: a <c>session</c>, an <c>agent</c>, or <c>none</c>.</param>
/// <param name="Continuity">How long the address can be expected to reach the same: <c>ephemeral</c>, or <c>none</c>.</param>
public sealed record ReceiptRouting(AddressingKind Mode, string TargetLevel, string Continuity)
{
    internal static ReceiptRouting Of(Addressing addressing) => addressing.Targets is [var first, ..]
        ? new(addressing.Kind, first.Address.Count(c => c == '.') == 2 ? "session" : "agent", "ephemeral")
        : new(addressing.Kind, "none", "none");
}

/// <summary>Whose attention a message claims.</summary>
/// <param name="InboundScope">Who finds it among what is inbound: the <c>target</c>, or the <c>room</c>.</param>
/// <param name="ResponsiveScope">Who is asked to respond: the <c>target</c>, or <c>none</c>.</param>
public sealed record ReceiptAttention(string InboundScope, string ResponsiveScope)
{
    internal static ReceiptAttention Of(Addressing addressing) => addressing.Kind is AddressingKind.Direct ? new("target", "target") : new("room", "none");
}

/// <summary>How a message was delivered, in a room without moderation.</summary>
/// <param name="Verdict">What moderation said.</param>
/// <param name="Delivered">Whether its readers see it now.</param>
/// <param name="DeliveryState">The same as a word.</param>
/// <param name="PolicyVersion">The policy it ran under; null without moderation.</param>
/// <param name="Tags">Tags that moderation gave it.</param>
/// <param name="Steps">What each step of the policy said.</param>
public sealed record ReceiptModeration(string Verdict, bool Delivered, string DeliveryState, int? PolicyVersion, IReadOnlyList<string> Tags, IReadOnlyList<string> Steps)
{
    internal static ReceiptModeration Unmoderated { get; } = new("allow", true, "delivered", null, [], []);
}
