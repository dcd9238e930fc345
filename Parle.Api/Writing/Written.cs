using System.Text.Json;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>What became of a write in a room, and how it is answered.</summary>
/// <typeparam name="T">The answer, as it is kept for retries.</typeparam>
/// <param name="outcome">What the room's writer says.</param>
public sealed class Written<T>(RoomOutcome outcome)
    where T : class
{
    /// <summary>Why nothing was recorded; null when it is so.</summary>
    public Refusal? Refusal => (outcome as RoomOutcome.Refused)?.Refusal;

    /// <summary>Whether it was done before, under the same key.</summary>
    public bool Replayed => outcome is RoomOutcome.Replayed;

    /// <summary>The kept answer; null when it was refused, or was so already and nothing had to be recorded.</summary>
    public T? Kept => Text is { Length: > 0 } text ? JsonSerializer.Deserialize<T>(text, WireJson.Options) : null;

    /// <summary>What was recorded now; empty for a retry.</summary>
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

    /// <summary>Answers 201 with the answer, a retry with 200 and <paramref name="again"/> of it.</summary>
    /// <param name="again">What a retry is told.</param>
    /// <param name="nothing">The answer with 200 when nothing had to be recorded.</param>
    public IResult Created(Func<T, T> again, T? nothing = null) => outcome switch
    {
        RoomOutcome.Settled { Answer: null } when nothing is not null => Results.Json(nothing, WireJson.Options),
        RoomOutcome.Replayed => Results.Json(again(Kept!), WireJson.Options),
        _ => Created(),
    };

    /// <summary>Answers as <paramref name="answer"/> says, from what is kept and whether it was done before.</summary>
    /// <exception cref="InvalidOperationException">Nothing had to be recorded, and the action has no answer for that.</exception>
    public IResult Answer(Func<T, bool, IResult> answer) =>
        Refusal is { } refusal ? new RefusalResult(refusal) : answer(Recorded, Replayed);

    /// <summary>The same, where the answer takes a query of its own: a secret that is handed over again.</summary>
    /// <exception cref="InvalidOperationException">See above.</exception>
    public async Task<IResult> Answer(Func<T, bool, Task<IResult>> answer) =>
        Refusal is { } refusal ? new RefusalResult(refusal) : await answer(Recorded, Replayed);
}
