using Parle.Domain.Rooms;

namespace Parle.Domain.Contents;

/// <summary>The contents that a fact erases. The database erases them with the fact, and refuses to erase any other.</summary>
public static class Erasure
{
    /// <summary>The ids of the erased contents; none for most facts.</summary>
    public static IReadOnlyList<Guid> Of(object fact) => RoomFacts.Find(fact)?.Erases?.Invoke(fact) ?? [];
}
