using System.Text.Json.Serialization;
using Parle.Api.Callers;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>What the author of an act is told: that it is on the record, how far the ask is, and what can be done next.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">What for.</param>
/// <param name="State">How far it is.</param>
/// <param name="Next">What its reader may do about it now.</param>
/// <param name="EventID">The fact's id, the same for everybody.</param>
/// <param name="Seq">Its position in the author's own view.</param>
/// <param name="CreatedAt">When it was recorded.</param>
/// <param name="Replayed">Whether this answer was given before, to the same key.</param>
public sealed record AskReceipt(
    Guid AskID, AskKind Kind, AskState State, IReadOnlyList<string> Next, Guid EventID, long Seq, DateTimeOffset CreatedAt, bool Replayed)
{
    /// <summary>Where the signed receipt is, which shows to anybody that the act is on the record.</summary>
    [JsonPropertyName("receipt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reference { get; init; }

    /// <summary>When the approval was used; absent unless this is its use.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>What a repeated answer to a use means, in words; absent unless it is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Statement { get; init; }

    /// <summary>One, as it is sent.</summary>
    public static AskReceipt Example { get; } = new(
        new("019a7c20-1f3a-7d52-8f7a-6a1d0c9b2e10"), AskKinds.Example.Kind, AskState.Open, ["withdraw_ask", "add_context"],
        new("019a7c20-1f3a-7d52-8f7a-6a1d0c9b2e10"), 8, new(2026, 8, 17, 10, 2, 0, TimeSpan.Zero), false)
    { Reference = Receipt.PathOf(EnteredRoom.Example.RoomID, new("019a7c20-1f3a-7d52-8f7a-6a1d0c9b2e10")) };

    /// <summary>The receipt of an act of the caller's, recorded in <paramref name="room"/>.</summary>
    internal static AskReceipt For(Caller caller, AskLimits limits, Room room, RecordedFact fact)
    {
        var act = (AskFact)fact.Data;
        var (ask, seat) = (room.Asks[act.AskID], room.Seats[caller.Seat!.SeatID]);
        return new(act.AskID, ask.Kind, act.State, AskActs.Next(ask, seat, fact.At, limits), fact.ID, fact.Placement.SeqFor(seat)!.Value,
            fact.At, Replayed: false)
        {
            Reference = Receipt.PathOf(caller.RoomID, fact.ID),
            UsedAt = act is AskConsumed ? fact.At : null,
        };
    }

    // A reader of the body alone must not take a repeated use for another one.
    internal static AskReceipt Again(AskReceipt receipt) => receipt with
    {
        Replayed = true,
        Statement = receipt.UsedAt is { } used ? "This is the answer to your earlier request once more, and no new use: the approval was "
            + $"used once, at {WireJson.Format(used)}." : null,
    };
}
