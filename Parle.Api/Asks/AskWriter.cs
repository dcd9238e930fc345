using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Rooms;
using Parle.Api.Tokens;
using Parle.Domain;
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
public sealed record AskReceipt(Guid AskID, AskKind Kind, AskState State, IReadOnlyList<string> Next, Guid EventID, long Seq, DateTimeOffset CreatedAt, bool Replayed)
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
        new("019a7c20-1f3a-7d52-8f7a-6a1d0c9b2e10"), AskKind.Logs, AskState.Open, ["withdraw_ask", "add_context"], new("019a7c20-1f3a-7d52-8f7a-6a1d0c9b2e10"), 8,
        new(2026, 8, 17, 10, 2, 0, TimeSpan.Zero), false)
    { Reference = Receipt.PathOf(EnteredRoom.Example.RoomID, new("019a7c20-1f3a-7d52-8f7a-6a1d0c9b2e10")) };
}

/// <summary>Has acts decided in their room's lane, and answers them.</summary>
public sealed class AskWriter(RoomLanes lanes, ServerKey server, RoomLimits limits)
{
    /// <summary>How much there can be of a caller's.</summary>
    public RoomLimits LimitsOf(Caller caller) => limits.For(caller.TokenPath.Count);

    /// <summary>Has <paramref name="decide"/> decided, under the caller's key.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">What is done.</param>
    /// <param name="askID">About which ask.</param>
    /// <param name="body">What the request says; with the ask, what its key stands for.</param>
    /// <param name="decide">The decision.</param>
    public async Task<IResult> Write(HttpContext context, ParleAction action, Guid askID, object? body, Func<Room?, DateTimeOffset, Decision> decide)
    {
        var (caller, key) = (RequestContract.Part<Caller>(context), RequestContract.Part<IdempotencyKey>(context));
        var about = action.NamesAsk ? askID : (Guid?)null; // A new ask is not named by its caller.
        var outcome = await lanes.Decide(new(caller.RoomID, caller.Attribution(context.TraceIdentifier), decide)
        {
            Idempotency = new(
                new(caller.RoomID, caller.AgentID, action.Id, key.Text),
                Meaning.Of(server, new { Ask = about, Item = WireID.InPath(context, "item"), Body = body }, new { Ask = about, Item = context.GetRouteValue("item") as string, Body = body }),
                (room, fact) => JsonSerializer.Serialize(ReceiptOf(caller, room, fact), WireJson.Options)),
            Consumes = TokenUses.Of(caller),
        });
        return outcome switch
        {
            RoomOutcome.Settled settled => Results.Text(settled.Answer, "application/json", statusCode: StatusCodes.Status201Created),
            RoomOutcome.Replayed replayed => Results.Json(Again(JsonSerializer.Deserialize<AskReceipt>(replayed.Answer, WireJson.Options)!), WireJson.Options),
            RoomOutcome.Refused refused => new RefusalResult(refused.Refusal),
            _ => throw new InvalidOperationException($"An act cannot end as {outcome.GetType().Name}."),
        };
    }

    // Who reads only the body of a repeated use must not take it for another one.
    private static AskReceipt Again(AskReceipt receipt) => receipt with
    {
        Replayed = true,
        Statement = receipt.UsedAt is { } used ? $"This is the answer to your earlier request once more, and no new use: the approval was used once, at {WireJson.Spell(used)}." : null,
    };

    private AskReceipt ReceiptOf(Caller caller, Room room, RecordedFact fact)
    {
        var about = (AskFact)fact.Data;
        var (ask, seat) = (room.Asks[about.AskID], room.Seats[caller.Seat!.SeatID]);
        return new(about.AskID, ask.Kind, about.State, AskActs.Next(ask, seat, fact.At, LimitsOf(caller).OfAsk), fact.ID, fact.Placement.SeqFor(seat)!.Value, fact.At, Replayed: false)
        {
            Reference = Receipt.PathOf(caller.RoomID, fact.ID),
            UsedAt = about is AskConsumed ? fact.At : null,
        };
    }
}
