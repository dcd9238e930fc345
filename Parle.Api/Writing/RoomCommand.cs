using Marten;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>A command for a room.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Attribution">Its attribution.</param>
/// <param name="Decide">The decision. It may run several times, each time on the newest state.</param>
public sealed record RoomCommand(Guid RoomID, Attribution Attribution, Func<Room?, DateTimeOffset, Decision> Decide)
{
    /// <summary>Makes a retry of this command harmless; null for commands that are idempotent by themselves.</summary>
    public Idempotency? Idempotency { get; init; }

    /// <summary>Usage budgets of which this command takes one use each, all of them or none; empty for most. A retry takes none.</summary>
    public IReadOnlyList<UsageBudget> Consumes { get; init; } = [];

    /// <summary>
    /// Further writes in the same transaction, if it records a fact: streams outside of the room, hashes of secrets. Called with the
    /// recorded facts; null for none.
    /// </summary>
    public Action<IDocumentSession, IReadOnlyList<RecordedFact>>? Also { get; init; }

    /// <summary>The names to look up before the decision.</summary>
    public IEnumerable<IdempotencyName> Names =>
        [.. Idempotency is null ? (IdempotencyName[])[] : [Idempotency.Name], .. Consumes.SelectMany(slots => slots.Names)];
}

/// <summary>
/// A budget of as many uses as it has names. Each use takes one name; the database guarantees that no name is taken twice.
/// </summary>
/// <param name="Names">The names, in the order of their use.</param>
/// <param name="WhenAllTaken">The refusal when none is left.</param>
public sealed record UsageBudget(IReadOnlyList<IdempotencyName> Names, Refusal WhenAllTaken);

/// <summary>The data that recognises and answers a retry.</summary>
/// <param name="Name">The name of the write.</param>
/// <param name="Meaning">The meaning of the write.</param>
/// <param name="Answer">Makes the answer, which is also stored, from the first recorded fact.</param>
public sealed record Idempotency(IdempotencyName Name, Meaning Meaning, Func<Room, RecordedFact, string> Answer);

/// <summary>The name of a write. Two writes of one name are one write, or a conflict.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="AuthorID">The agent or person, not its session, which may be replaced between two tries.</param>
/// <param name="Action">The action's name in the registry.</param>
/// <param name="Key">The caller's idempotency key.</param>
public sealed record IdempotencyName(Guid RoomID, Guid AuthorID, string Action, string Key);

/// <summary>A fact that is on the record.</summary>
/// <param name="ID">The fact's id.</param>
/// <param name="Data">The event.</param>
/// <param name="Placement">Its places in its readers' views.</param>
/// <param name="At">Its time, to the microsecond.</param>
public sealed record RecordedFact(Guid ID, object Data, Placement Placement, DateTimeOffset At);

/// <summary>The outcome of a command.</summary>
public abstract record RoomOutcome
{
    private RoomOutcome()
    {
    }

    /// <summary>Nothing was recorded, for this reason.</summary>
    public sealed record Refused(Refusal Refusal) : RoomOutcome;

    /// <summary>The command took effect: these facts were recorded now, or none because nothing had to change.</summary>
    /// <param name="Room">The room right after it.</param>
    /// <param name="Facts">The recorded facts, in order.</param>
    /// <param name="Answer">The stored answer, for commands with an idempotency record.</param>
    public sealed record Settled(Room Room, IReadOnlyList<RecordedFact> Facts, string? Answer) : RoomOutcome;

    /// <summary>A retry: the write of this name was done before.</summary>
    /// <param name="Answer">The first answer.</param>
    /// <param name="EventID">The first fact recorded then; null if it is unknown.</param>
    /// <param name="Room">The room as it is now; null when there is none.</param>
    public sealed record Replayed(string Answer, Guid? EventID, Room? Room) : RoomOutcome;
}
