namespace Parle.Domain.Rooms;

/// <summary>Closes a room for good. Its facts stay on the record.</summary>
/// <param name="By">The member that closes it.</param>
public sealed record ArchiveRoom(Member By)
{
    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, right: null);

    /// <summary>Decides. Its seats, and claims of its asks, end with it, since nobody is left to act.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, By) is { } refusal
            ? refusal : Decision.RecordAll((IReadOnlyList<NewFact>)[.. EndOfSeats.Presences(room!, _ => true), new(new RoomArchived())]);
}
