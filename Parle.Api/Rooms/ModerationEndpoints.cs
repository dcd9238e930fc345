using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;

namespace Parle.Api.Rooms;

/// <summary>The policy by which a room is moderated.</summary>
/// <param name="Active">Null: there is none.</param>
public sealed record RoomModeration([property: Shape(ShapeAttribute.AnyObjectOrNull)] object? Active)
{
    /// <summary>A room without moderation.</summary>
    public static RoomModeration None { get; } = new((object?)null);
}

/// <summary>All policies that a room had.</summary>
/// <param name="Versions">Newest first; empty: there never was one.</param>
/// <param name="ChangeEventType">The type of the row that tells of a new one.</param>
public sealed record RoomModerationHistory(
    [property: Shape("""{"type":"array","items":{"type":"object","additionalProperties":{}}}""")]
    IReadOnlyList<object> Versions, string ChangeEventType)
{
    /// <summary>A room that never had moderation.</summary>
    public static RoomModerationHistory None { get; } = new([], "moderation_policy_changed");
}

/// <summary>Tells a room's members that nothing in it is moderated.</summary>
public static class ModerationEndpoints
{
    /// <summary>Returns that there is no policy.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ReadModeration))]
    public static Task<IResult> Read(Guid room, Actor actor, RoomStates states, CancellationToken cancellation) =>
        Answer(room, actor, states, RoomModeration.None, cancellation);

    /// <summary>Returns that there never was a policy.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ReadModerationHistory))]
    public static Task<IResult> ReadHistory(Guid room, Actor actor, RoomStates states, CancellationToken cancellation) =>
        Answer(room, actor, states, RoomModerationHistory.None, cancellation);

    private static async Task<IResult> Answer<T>(Guid roomID, Actor actor, RoomStates states, T answer, CancellationToken cancellation) =>
        (await MembersRoom.Of(roomID, actor, states, cancellation)).Refusal is { } refusal
            ? new RefusalResult(refusal) : Results.Json(answer, WireJson.Options);
}
