using Parle.Domain.Contents;
using Parle.Domain.Names;

namespace Parle.Domain.Rooms;

/// <summary>Says something to some or all of the room.</summary>
/// <param name="MessageID">A fresh id: the fact's, and its content's.</param>
/// <param name="AuthorID">The participant who speaks, from its credential and never from the body.</param>
/// <param name="Content">What is said.</param>
/// <param name="Kind">Whom it is for.</param>
/// <param name="To">The addresses of a direct message, as written; empty otherwise.</param>
public sealed record PostMessage(Guid MessageID, Guid AuthorID, Content Content, AddressingKind Kind, IReadOnlyList<string> To)
{
    /// <summary>Affordances ask this too: the action is offered exactly when nothing stands in its way.</summary>
    public static Refusal? Obstacle(Room? room, Guid authorID) =>
        room?.Participants.ContainsKey(authorID) is true ? null : Refusals.RoomNotFound; // A stranger is not told that the room exists.

    /// <summary>Decides. Who is addressed must be there and alive at <paramref name="now"/>.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (Obstacle(room, AuthorID) is { } refusal)
        {
            return refusal;
        }

        return Kind switch
        {
            AddressingKind.Unaddressed => Submitted(Addressing.None),
            AddressingKind.Broadcast => Submitted(Addressing.Everybody),
            _ => To.Select(address => Resolve(room!, address, now)).ToList() is var targets && targets.TrueForAll(target => target is not null) && targets.Count > 0
                ? Submitted(Addressing.To([.. targets.OfType<Target>()]))
                : Refusals.AddressNotDeliverable, // One answer for unknown, gone, ambiguous and strange: it tells nothing about the room.
        };
    }

    private Decision Submitted(Addressing addressing) => Decision.Record(new MessageSubmitted(MessageID, AuthorID, Content.Commitment, addressing), MessageID, Content);

    private static Target? Resolve(Room room, string text, DateTimeOffset now)
    {
        if (Address.Parse(text) is not { } address)
        {
            return null;
        }

        // An agent's address is not anycast: it reaches somebody only when exactly one of its sessions is there.
        var reached = room.Participants.Values
            .Where(participant => participant.ExpiresAt > now)
            .Where(participant => address.Session is null
                ? participant.Address.StartsWith(text + ".", StringComparison.Ordinal)
                : participant.Address == text)
            .Take(2).ToList();
        return reached is [var one] ? new(text, one.ParticipantID, one.SeatID) : null;
    }
}
