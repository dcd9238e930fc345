using Marten;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>Something somebody wants to happen in a room.</summary>
/// <param name="RoomID">Where.</param>
/// <param name="Attribution">Who wants it, for whom, by what right.</param>
/// <param name="Decide">The decision. It may be asked several times, each time with the newest state.</param>
public sealed record RoomCommand(Guid RoomID, Attribution Attribution, Func<Room?, DateTimeOffset, Decision> Decide)
{
    /// <summary>Makes a retry of this command harmless; null for commands that are harmless by themselves.</summary>
    public Idempotency? Idempotency { get; init; }

    /// <summary>
    /// What can be used so many times, and is used once by this command, all of it or nothing; empty for most. A retry uses nothing.
    /// </summary>
    public IReadOnlyList<UsageBudget> Consumes { get; init; } = [];

    /// <summary>
    /// What else is written in the same transaction, when it records something: streams outside of the room, hashes of secrets. It is told
    /// what is recorded. Null for nothing.
    /// </summary>
    public Action<IDocumentSession, IReadOnlyList<RecordedFact>>? Also { get; init; }

    /// <summary>The names that have to be looked up before it is decided.</summary>
    public IEnumerable<IdempotencyName> Names =>
        [.. Idempotency is null ? (IdempotencyName[])[] : [Idempotency.Name], .. Consumes.SelectMany(slots => slots.Names)];
}

/// <summary>
/// Something that can be used as often as it has names. Each use takes one; that nobody takes the same is up to the database.
/// </summary>
/// <param name="Names">The names, in the order in which they are taken.</param>
/// <param name="WhenAllTaken">What is answered when there is none left.</param>
public sealed record UsageBudget(IReadOnlyList<IdempotencyName> Names, Refusal WhenAllTaken);

/// <summary>How a retry is recognised, and what it is answered.</summary>
/// <param name="Name">The name of the write.</param>
/// <param name="Meaning">What the write says.</param>
/// <param name="Answer">What to keep and to answer, from the first fact recorded.</param>
public sealed record Idempotency(IdempotencyName Name, Meaning Meaning, Func<Room, RecordedFact, string> Answer);

/// <summary>A write's name. Two writes of one name are one write, or a conflict.</summary>
/// <param name="RoomID">Where.</param>
/// <param name="AuthorID">The agent or person, not its session, which may be replaced between two tries.</param>
/// <param name="Action">The registry's name of what it does.</param>
/// <param name="Key">The caller's name for it.</param>
public sealed record IdempotencyName(Guid RoomID, Guid AuthorID, string Action, string Key);

/// <summary>A fact that is on the record.</summary>
/// <param name="ID">The fact's id.</param>
/// <param name="Data">The event.</param>
/// <param name="Placement">Where it stands in its readers' views.</param>
/// <param name="At">When it happened, to the microsecond.</param>
public sealed record RecordedFact(Guid ID, object Data, Placement Placement, DateTimeOffset At);

/// <summary>What became of a command.</summary>
public abstract record RoomOutcome
{
    private RoomOutcome()
    {
    }

    /// <summary>Nothing was recorded, and why.</summary>
    public sealed record Refused(Refusal Refusal) : RoomOutcome;

    /// <summary>It is so: these facts were recorded now, or none because it was so already.</summary>
    /// <param name="Room">The room right after it.</param>
    /// <param name="Facts">What was recorded, in order.</param>
    /// <param name="Answer">The kept answer, for commands that keep one.</param>
    public sealed record Settled(Room Room, IReadOnlyList<RecordedFact> Facts, string? Answer) : RoomOutcome;

    /// <summary>It was done before under this name.</summary>
    /// <param name="Answer">What was answered then.</param>
    /// <param name="EventID">The first fact that was recorded then; null where that is not known.</param>
    /// <param name="Room">The room as it is now; null when there is none.</param>
    public sealed record Replayed(string Answer, Guid? EventID, Room? Room) : RoomOutcome;
}
