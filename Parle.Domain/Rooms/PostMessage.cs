using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

/// <summary>Says something to some or all of the room.</summary>
/// <param name="MessageID">A fresh id: the fact's, and its content's.</param>
/// <param name="Author">The participant who speaks, from its credential and never from the body.</param>
/// <param name="Content">What is said.</param>
/// <param name="Kind">Whom it is for.</param>
/// <param name="To">The addresses of a direct message, as written; empty otherwise.</param>
/// <param name="Aliases">What is known of the aliases among them.</param>
public sealed record PostMessage(
    Guid MessageID, Author Author, Content Content, AddressingKind Kind, IReadOnlyList<string> To, IReadOnlyList<KnownAlias> Aliases)
{
    /// <summary>How many turns there are before a pause.</summary>
    public RoomLimits Limits { get; init; } = RoomLimits.None;

    /// <summary>Affordances ask this too: the action is offered exactly when nothing stands in its way.</summary>
    public static Refusal? Obstacle(Room? room, Guid authorID) =>
        room?.Participants.ContainsKey(authorID) is true ? null : Refusals.RoomNotFound; // A stranger is not told that the room exists.

    /// <summary>What stands in the way of speaking to the whole room. Affordances ask this too.</summary>
    public static Refusal? ObstacleToAll(Room? room, Guid authorID, RoomLimits limits, DateTimeOffset now) =>
        Obstacle(room, authorID) ?? room!.Conversation.Obstacle(room.Participants[authorID].SeatID, null, limits, now);

    /// <summary>
    /// Decides. Who is addressed must be there and alive at <paramref name="now"/>, or have an alias that takes messages meanwhile.
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
                : Refusals.AddressNotDeliverable, // One answer for unknown, gone, ambiguous and strange: it tells nothing about the room.
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

/// <summary>Who speaks.</summary>
/// <param name="ParticipantID">The presence in the room.</param>
/// <param name="Alias">The alias that its session has; null for none.</param>
public sealed record Author(Guid ParticipantID, string? Alias = null);
