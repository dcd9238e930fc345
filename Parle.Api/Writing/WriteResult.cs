using System.Text.Json;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>The outcome of a write in a room, and the ways to answer it.</summary>
/// <typeparam name="T">The answer, as stored for retries.</typeparam>
/// <param name="outcome">The outcome from the room's writer.</param>
public sealed class WriteResult<T>(RoomOutcome outcome)
    where T : class
{
    /// <summary>The refusal; null when the write took effect.</summary>
    public Refusal? Refusal => (outcome as RoomOutcome.Refused)?.Refusal;

    /// <summary>Whether it is a replay of an earlier write with the same key.</summary>
    public bool Replayed => outcome is RoomOutcome.Replayed;

    /// <summary>The stored answer; null when it was refused, or when nothing had to be recorded.</summary>
    public T? Kept => Text is { Length: > 0 } text ? JsonSerializer.Deserialize<T>(text, WireJson.Options) : null;

    /// <summary>The facts recorded now; empty for a retry.</summary>
    public IReadOnlyList<RecordedFact> Facts => (outcome as RoomOutcome.Settled)?.Facts ?? [];

    /// <summary>The room right after it was written; null for a refusal or a retry.</summary>
    public Room? Room => (outcome as RoomOutcome.Settled)?.Room;

    private T Recorded => Kept ?? throw new InvalidOperationException("Nothing was recorded.");

    private string? Text => outcome switch
    {
        RoomOutcome.Settled settled => settled.Answer,
        RoomOutcome.Replayed replayed => replayed.Answer,
        _ => null,
    };

    /// <summary>Answers 204, also to a retry.</summary>
    public IResult NoContent() => Refusal is { } refusal ? new RefusalResult(refusal) : Results.NoContent();

    /// <summary>Answers 201 with the answer, and a retry the same.</summary>
    public IResult Created() => Refusal is { } refusal
        ? new RefusalResult(refusal) : Results.Text(Text, "application/json", statusCode: StatusCodes.Status201Created);

    /// <summary>Answers 201 with the answer; a retry gets 200 and <paramref name="again"/> of it.</summary>
    /// <param name="again">Makes the answer to a retry.</param>
    /// <param name="nothing">The answer with 200 when nothing had to be recorded.</param>
    public IResult Created(Func<T, T> again, T? nothing = null) => outcome switch
    {
        RoomOutcome.Settled { Answer: null } when nothing is not null => Results.Json(nothing, WireJson.Options),
        RoomOutcome.Replayed => Results.Json(again(Kept!), WireJson.Options),
        _ => Created(),
    };

    /// <summary>Answers by <paramref name="answer"/>, from the stored part and whether it is a replay.</summary>
    /// <exception cref="InvalidOperationException">Nothing had to be recorded, and the action has no answer for that.</exception>
    public IResult Answer(Func<T, bool, IResult> answer) =>
        Refusal is { } refusal ? new RefusalResult(refusal) : answer(Recorded, Replayed);

    /// <summary>The same for an answer that needs a query: a secret that is shown again.</summary>
    /// <exception cref="InvalidOperationException">See above.</exception>
    public async Task<IResult> Answer(Func<T, bool, Task<IResult>> answer) =>
        Refusal is { } refusal ? new RefusalResult(refusal) : await answer(Recorded, Replayed);
}
