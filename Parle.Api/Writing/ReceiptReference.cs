using Parle.Api.Callers;

namespace Parle.Api.Writing;

/// <summary>Tells a room's owner where the receipt of a write is, in a header of its answer. Agents find it in the body.</summary>
public static class ReceiptReference
{
    /// <summary>The header; its value is a path.</summary>
    public const string Header = "Parle-Receipt";

    /// <summary>Sets the header if a fact was recorded, now or earlier under the same key.</summary>
    public static void AddHeader(HttpContext context, Actor actor, Guid roomID, RoomOutcome outcome)
    {
        var (room, eventID) = outcome switch
        {
            RoomOutcome.Settled { Facts: [var first, ..] } settled => (settled.Room, first.ID),
            RoomOutcome.Replayed replayed => (replayed.Room, replayed.EventID),
            _ => (null, (Guid?)null),
        };
        if (eventID is { } id && room is not null && actor.AgentID is null && actor.Member.Owns(room))
        {
            context.Response.Headers[Header] = $"/v/rooms/{roomID}/record/receipts/{id}";
        }
    }
}
