using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

/// <summary>Posts a message to some or all of the room.</summary>
/// <param name="MessageID">A fresh id: the fact's, and its content's.</param>
/// <param name="Author">The author, taken from the credential and never from the body.</param>
/// <param name="Content">The message.</param>
/// <param name="Kind">The kind of audience.</param>
/// <param name="To">The addresses of a direct message, as the author wrote them; empty otherwise.</param>
/// <param name="Aliases">The known aliases among the addresses.</param>
public sealed record PostMessage(
    Guid MessageID, Author Author, Content Content, AddressingKind Kind, IReadOnlyList<string> To, IReadOnlyList<KnownAddress> Aliases)
{
    /// <summary>The bounds on turns before a pause.</summary>
    public RoomLimits Limits { get; init; } = RoomLimits.None;

    /// <summary>Affordances ask this too: the action is offered exactly when nothing stands in its way.</summary>
    public static Refusal? Obstacle(Room? room, Guid authorID) =>
        room?.Participants.ContainsKey(authorID) is true ? null : Refusals.RoomNotFound; // A stranger is not told that the room exists.

    /// <summary>The refusal of a message to the whole room; null when it can be sent. Affordances ask this too.</summary>
    public static Refusal? ObstacleToAll(Room? room, Guid authorID, RoomLimits limits, DateTimeOffset now) =>
        Obstacle(room, authorID) ?? room!.Conversation.Obstacle(room.Participants[authorID].SeatID, null, limits, now);

    /// <summary>
    /// Decides. An addressee must be present and live at <paramref name="now"/>, or have an alias that accepts messages meanwhile.
    /// </summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (Obstacle(room, Author.ParticipantID) is { } refusal)
        {
            return refusal;
        }

        return Kind switch
        {
            AddressingKind.Unaddressed => Submitted(room!, Addressing.None, now),
            AddressingKind.Broadcast => Submitted(room!, Addressing.Everybody, now),
            _ => To.Select(address => Addressee.Resolve(room!, address, Aliases, now)).ToList() is var targets
                && targets.TrueForAll(target => target is not null) && targets.Count > 0
                ? Submitted(room!, Addressing.To([.. targets.OfType<Target>()]), now)
                // One answer for unknown, gone, ambiguous and foreign addresses, so that it tells nothing about the room.
                : Refusals.AddressNotDeliverable,
        };
    }

    private Decision Submitted(Room room, Addressing addressing, DateTimeOffset now)
    {
        var to = addressing.Kind is AddressingKind.Direct ? addressing.Targets.Select(target => target.SeatID).ToList() : null;
        return room.Conversation.Obstacle(room.Participants[Author.ParticipantID].SeatID, to, Limits, now) is { } pause ? pause
            : Decision.Record(
                new MessageSubmitted(MessageID, Author.ParticipantID, Content.Commitment, addressing, Author.Alias), MessageID, Content);
    }
}

/// <summary>The author of a message.</summary>
/// <param name="ParticipantID">The presence in the room.</param>
/// <param name="Alias">The alias of its session; null for none.</param>
public sealed record Author(Guid ParticipantID, string? Alias = null);
