namespace Parle.Domain.Rooms;

/// <summary>The addressees that must respond to a fact. It waits for them until they acknowledge it.</summary>
public static class Work
{
    /// <summary>The addressees of <paramref name="fact"/>, each once; none for most facts.</summary>
    public static IReadOnlyList<Target> Of(object fact) => RoomFacts.Find(fact)?.Work(fact) ?? [];

    /// <summary>The participant that caused <paramref name="fact"/>; null for none.</summary>
    public static Guid? AuthorOf(object fact) => RoomFacts.Find(fact)?.Author(fact);
}
