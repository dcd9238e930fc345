using System.Text.Json.Serialization;
using Parle.Api.Callers;
using Parle.Api.Sessions;
using Parle.Api.Writing;
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
    Guid EventID, long Seq, DateTimeOffset CreatedAt, bool Replayed, ReceiptRouting Routing, ReceiptAttention Attention,
    ReceiptModeration Moderation, string? CommitToken)
{
    /// <summary>Where a reply stands in its exchange; absent for what is no reply.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReplyInteraction? Interaction { get; init; }

    /// <summary>Where the signed receipt is, which shows to anybody that the fact is on the record.</summary>
    [JsonPropertyName("receipt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reference { get; init; }

    /// <summary>A receipt as it is sent.</summary>
    public static Receipt Example { get; } = Of(
        new Guid("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"), 7, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), Addressing.None) with
    { Reference = PathOf(EnteredRoom.Example.RoomID, new("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11")) };

    /// <summary>The receipt of a reply as it is sent.</summary>
    public static Receipt ReplyExample { get; } = Of(
        new Guid("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"), 9, new(2026, 8, 17, 10, 1, 0, TimeSpan.Zero),
        Addressing.To(new Target("@alice.builder.c7w2k5n4q3zx6m7a", Guid.Empty, Guid.Empty))) with
    { Interaction = new(ReplyInteraction.ExampleID, 1, ReplyRoute.MaxHops - 1), Reference = Example.Reference };

    /// <summary>Where participants find the signed receipt of a fact.</summary>
    public static string PathOf(Guid roomID, Guid eventID) => $"/v/rooms/{roomID}/receipts/{eventID}";

    /// <summary>The receipt of a message just recorded.</summary>
    public static Receipt Of(Guid eventID, long seq, DateTimeOffset createdAt, Addressing addressing) => new(
        eventID, seq, createdAt, Replayed: false, ReceiptRouting.Of(addressing), ReceiptAttention.Of(addressing),
        ReceiptModeration.Unmoderated, CommitToken: null);

    /// <summary>The receipt of <paramref name="fact"/>, a message of the caller's that was recorded in <paramref name="room"/>.</summary>
    internal static Receipt For(Caller caller, Room room, RecordedFact fact)
    {
        var message = (MessageSubmitted)fact.Data;
        return Of(fact.ID, fact.Placement.SeqFor(room.Seats[caller.Seat!.SeatID])!.Value, fact.At, message.Addressing) with
        {
            Reference = PathOf(caller.RoomID, fact.ID),
            Interaction = message.Reply is { } reply ? new(reply.InteractionID, reply.Hop, ReplyRoute.MaxHops - reply.Hop) : null,
        };
    }

    /// <summary>The receipt for a retry.</summary>
    internal static Receipt Again(Receipt receipt) => receipt with { Replayed = true };
}

/// <summary>Where a reply stands in its exchange.</summary>
/// <param name="InteractionID">The exchange, the same from its first message to its last.</param>
/// <param name="ReplyHop">How many replies there are, this one included.</param>
/// <param name="RemainingReplyHops">How many more there can be; 0 or more.</param>
public sealed record ReplyInteraction(Guid InteractionID, int ReplyHop, int RemainingReplyHops)
{
    internal static readonly Guid ExampleID = new("019a7c1e-4d21-7a6f-b3c8-7e5f1a2b9d44");
}

/// <summary>How a message was routed.</summary>
/// <param name="Mode"><c>direct</c>, <c>broadcast</c> or <c>unaddressed</c>.</param>
/// <param name="TargetLevel">What was addressed: a <c>session</c>, an <c>agent</c>, or <c>none</c>.</param>
/// <param name="Continuity">How long the address can be expected to reach the same: <c>durable</c> for agents and aliases,
/// <c>ephemeral</c> for sessions, or <c>none</c>.</param>
public sealed record ReceiptRouting(AddressingKind Mode, string TargetLevel, string Continuity)
{
    internal static ReceiptRouting Of(Addressing addressing) => addressing.Targets is [var first, ..]
        ? new(addressing.Kind, first.Address.Count(c => c == '.') == 2 ? "session" : "agent",
            addressing.Targets.All(target => target.Alias is not null || target.ParticipantID is null) ? "durable" : "ephemeral")
        : new(addressing.Kind, "none", "none");
}

/// <summary>Whose attention a message claims.</summary>
/// <param name="InboundScope">Who finds it among what is inbound: the <c>target</c>, or the <c>room</c>.</param>
/// <param name="ResponsiveScope">Who is asked to respond: the <c>target</c>, or <c>none</c>.</param>
public sealed record ReceiptAttention(string InboundScope, string ResponsiveScope)
{
    internal static ReceiptAttention Of(Addressing addressing) =>
        addressing.Kind is AddressingKind.Direct ? new("target", "target") : new("room", "none");
}

/// <summary>How a message was delivered, in a room without moderation.</summary>
/// <param name="Verdict">What moderation said.</param>
/// <param name="Delivered">Whether its readers see it now.</param>
/// <param name="DeliveryState">The same as a word.</param>
/// <param name="PolicyVersion">The policy it ran under; null without moderation.</param>
/// <param name="Tags">Tags that moderation gave it.</param>
/// <param name="Steps">What each step of the policy said.</param>
public sealed record ReceiptModeration(
    string Verdict, bool Delivered, string DeliveryState, int? PolicyVersion, IReadOnlyList<string> Tags, IReadOnlyList<string> Steps)
{
    internal static ReceiptModeration Unmoderated { get; } = new("allow", true, "delivered", null, [], []);
}
