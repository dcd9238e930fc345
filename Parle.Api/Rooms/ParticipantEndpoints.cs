using System.Text.Json.Serialization;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Who is in a room.</summary>
/// <param name="Participants">Sessions of agents that live, oldest presence first.</param>
/// <param name="Next">Pass it back as <c>after</c>; absent on the last page.</param>
public sealed record ParticipantList(
    IReadOnlyList<ListedParticipant> Participants,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next = null)
{
    /// <summary>An answer as it is sent.</summary>
    public static ParticipantList Example { get; } = new(
        [new(EnteredRoom.Example.ParticipantID, EnteredRoom.Example.RoomID, new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"),
            EnteredRoom.Example.AgentSessionID, new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"), "c7w2k5n4q3zx6m7a",
            new(2026, 8, 17, 10, 5, 0, TimeSpan.Zero), new(2026, 8, 17, 22, 0, 0, TimeSpan.Zero),
            "@alice.builder.c7w2k5n4q3zx6m7a")]);
}

/// <summary>The presence of an agent's session.</summary>
/// <param name="ParticipantID">The presence.</param>
/// <param name="RoomID">The room.</param>
/// <param name="PrincipalID">For whom the agent acts.</param>
/// <param name="AgentSessionID">The session.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="SessionHandle">The session's anonymous handle.</param>
/// <param name="LastSeenAt">When it last called.</param>
/// <param name="ExpiresAt">When its life is over.</param>
/// <param name="Address">Where to address it.</param>
public sealed record ListedParticipant(
    Guid ParticipantID, Guid RoomID, Guid PrincipalID, Guid AgentSessionID, Guid AgentID, string SessionHandle, DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt, string Address);

/// <summary>Lists a room's participants, and removes them.</summary>
public static class ParticipantEndpoints
{
    private const int PageSize = 120; // Of less than 500 bytes each: a client takes 64 KiB.

    /// <summary>Returns a page; ids are in the order of entering.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ListParticipants))]
    public static async Task<IResult> List(Guid room, PageCursor cursor, Actor actor, RoomStates states, NpgsqlDataSource database,
        SessionActivity activity, TimeProvider clock, CancellationToken cancellation)
    {
        if ((await MembersRoom.Of(room, actor, states, cancellation)).Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        await activity.Write(cancellation);
        var found = await RoomPage.Present(database, room, cursor.After, clock.GetUtcNow(), PageSize + 1, cancellation);
        var page = found.Take(PageSize).Select(present => new ListedParticipant(
            present.ParticipantID, room, present.PrincipalID, present.SessionID, present.AgentID, present.SessionHandle, present.LastSeenAt,
            present.ExpiresAt, present.Address)).ToList();
        return Results.Json(new ParticipantList(page, found.Count > PageSize ? page[^1].ParticipantID.ToString() : null), WireJson.Options);
    }

    /// <summary>Removes one session from the room, for good.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.RemoveParticipant))]
    public static async Task<IResult> Remove(Guid participant, Write write) =>
        (await write.InRoom((room, _) => new RemoveParticipant(write.Actor.Member, participant).Decide(room))).NoContent();
}
