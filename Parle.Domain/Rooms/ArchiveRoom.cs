namespace Parle.Domain.Rooms;

/// <summary>Closes a room for good. What happened in it stays on the record.</summary>
/// <param name="By">Who does it.</param>
public sealed record ArchiveRoom(Member By)
{
    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, right: null);

    /// <summary>Decides. Its seats, and claims of its asks, end with it: nobody is left who could act.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, By) is { } refusal
            ? refusal : Decision.RecordAll((IReadOnlyList<NewFact>)[.. EndOfSeats.Presences(room!, _ => true), new(new RoomArchived())]);
}
