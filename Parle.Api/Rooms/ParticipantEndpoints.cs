using System.Text.Json.Serialization;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Rooms;

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
            new(2026, 8, 17, 10, 5, 0, TimeSpan.Zero), new(2026, 8, 17, 22, 0, 0, TimeSpan.Zero))]);
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
public sealed record ListedParticipant(
    Guid ParticipantID, Guid RoomID, Guid PrincipalID, Guid AgentSessionID, Guid AgentID, string SessionHandle, DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt);

/// <summary>Tells who is in a room, and sends them out.</summary>
public static class ParticipantEndpoints
{
    private const int PageSize = 150; // Of less than 400 bytes each: a client takes 64 KiB.

    private const string Sql = """
        select p.participant_id, s.principal_id, p.session_id, s.agent_id, a.handle, coalesce(seen.last_seen_at, a.created_at), a.expires_at
        from parle.participants p join parle.seats s on s.seat_id = p.seat_id join parle.agent_sessions a on a.session_id = p.session_id
        left join parle.session_activity seen on seen.session_id = p.session_id
        where p.room_id = $1 and p.left_at is null and p.participant_id > $2 and s.removed_at is null and a.ended_at is null and a.superseded_at is null and a.expires_at > $3
        order by p.participant_id limit $4
        """;

    /// <summary>Answers a page; ids are in the order of entering.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ListParticipants))]
    public static async Task<IResult> List(PageCursor cursor, Actor actor, HttpContext context, NpgsqlDataSource database,
        SessionActivity activity, TimeProvider clock, CancellationToken cancellation)
    {
        var room = await MembersRoom.Of(context, actor);
        if (room.Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        await activity.Write(cancellation);
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = room.RoomID }, new() { Value = cursor.After }, new() { Value = clock.GetUtcNow() },
            new() { Value = (long)PageSize + 1 }
        });
        var found = new List<ListedParticipant>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(new(
                rows.GetGuid(0), room.RoomID, rows.GetGuid(1), rows.GetGuid(2), rows.GetGuid(3), rows.GetString(4),
                rows.GetFieldValue<DateTimeOffset>(5), rows.GetFieldValue<DateTimeOffset>(6)));
        }

        context.Response.Headers.CacheControl = "no-store";
        var page = found.Take(PageSize).ToList();
        return Results.Json(new ParticipantList(page, found.Count > PageSize ? page[^1].ParticipantID.ToString() : null), WireJson.Options);
    }

    /// <summary>Sends one session out, for good.</summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.RemoveParticipant))]
    public static async Task<IResult> Remove(Write write) =>
        (await write.InRoom((room, _) => new RemoveParticipant(write.Actor.Member, write.PathID("participant") ?? Guid.Empty).Decide(room)))
            .NoContent();
}
