using Parle.Domain.Rooms;

namespace Parle.Domain.Contents;

/// <summary>Which words a fact takes away. The database erases them when it takes the fact, and keeps them otherwise.</summary>
public static class Erasure
{
    /// <summary>Under which ids they lay; none for most facts.</summary>
    public static IReadOnlyList<Guid> Of(object fact) => RoomFacts.Find(fact)?.Erases?.Invoke(fact) ?? [];
}
