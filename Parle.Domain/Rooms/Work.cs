using Parle.Domain.Asks;

namespace Parle.Domain.Rooms;

/// <summary>Who is to respond to a fact. It waits for them until they acknowledge it.</summary>
public static class Work
{
    /// <summary>The addressees of <paramref name="fact"/>, each once; none for most facts.</summary>
    public static IReadOnlyList<Target> Of(object fact) => fact switch
    {
        MessageSubmitted message => message.Addressing.Targets,
        AskFact about => about.Work,
        _ => [],
    };

    /// <summary>Who caused <paramref name="fact"/>; null when nobody did.</summary>
    public static Guid? AuthorOf(object fact) => fact switch
    {
        MessageSubmitted message => message.AuthorID,
        AskFact about => about.AuthorID,
        _ => null,
    };
}
