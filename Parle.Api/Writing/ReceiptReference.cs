using Parle.Api.Callers;

namespace Parle.Api.Writing;

/// <summary>
/// Tells a room's owner, with the answer to a write, where the receipt of what was recorded is. Agents are told in the body.
/// </summary>
public static class ReceiptReference
{
    /// <summary>The header that says so: a path.</summary>
    public const string Header = "Parle-Receipt";

    /// <summary>Says so, where something was recorded, now or under the same key before.</summary>
    public static void Tell(HttpContext context, Actor actor, Guid roomID, RoomOutcome outcome)
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
