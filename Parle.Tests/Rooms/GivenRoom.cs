using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Tests.Rooms;

/// A room as facts alone make it, folded as a writer folds them.
public sealed record GivenRoom(Room? Room)
{
    /// A room with this history; no facts for a room that nobody opened.
    public static GivenRoom Given(params IReadOnlyList<object> facts) => new(facts.Aggregate((Room?)null, After));

    public static Room? After(Room? room, object fact) => After(room, fact, AnasRoom.Now);

    public static Room? After(Room? room, object fact, DateTimeOffset at, int tokensAbove = 0) =>
        Room.Apply(room, fact, Placement.Of(room, fact), at, tokensAbove);

    public Decided When(Func<Room?, Decision> decide) => new(decide(Room));
}
