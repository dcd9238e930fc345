using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Tells a room's members who else has a seat, and what they may do.</summary>
public static class ReadRoomEndpoint
{
    // More than ever fit into an answer.
    private const int MaxSeats = 400;

    private const string RoomSql = "select r.created_at, p.handle, p.display_name from parle.rooms r join parle.principals p on "
        + "p.principal_id = r.owner_id where r.room_id = $1";

    private const string SeatsSql = """
        select s.seat_id, s.principal_id, p.handle, p.display_name, s.admitted_at, s.agent_id, a.handle, a.display_name, count(*) over ()
        from parle.seats s join parle.principals p on p.principal_id = s.principal_id left join parle.agents a on a.agent_id = s.agent_id
        where s.room_id = $1 and s.removed_at is null
        order by s.principal_id <> $2, s.agent_id is not null, s.admitted_at, s.seat_id limit $3
        """;

    /// <summary>
    /// Answers without a word of what was said. The watermark is of the caller's own view: another one would tell of what is hidden from
    /// it.
    /// </summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ReadRoom))]
    public static async Task<IResult> Read(Actor actor, HttpContext context, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var found = await MembersRoom.Of(context, actor);
        if (found.Refusal is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var (roomID, room) = (found.RoomID, found.Room);
        var seat = actor.Member.SeatIn(room)!;
        var watermark = await TimelinePage.Head(database, roomID, seat.SeatID, seat.Since, cancellation);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(RoomSql) { Parameters = { new() { Value = roomID } } });
        batch.BatchCommands.Add(new(SeatsSql)
        { Parameters = { new() { Value = roomID }, new() { Value = actor.PrincipalID }, new() { Value = (long)MaxSeats } } });
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var (createdAt, owner) = (rows.GetFieldValue<DateTimeOffset>(0),
            new DetailsPerson(room.OwnerID, rows.GetString(1), rows.GetString(2)));
        await rows.NextResultAsync(cancellation);
        var (seats, count) = (new List<object>(), 0L);
        while (await rows.ReadAsync(cancellation))
        {
            count = rows.GetInt64(8);
            seats.Add(rows.IsDBNull(5)
                ? new PrincipalSeat(
                    rows.GetGuid(0), rows.GetGuid(1), rows.GetString(2), rows.GetString(3), rows.GetFieldValue<DateTimeOffset>(4))
                : new AgentSeat(rows.GetGuid(0), rows.GetGuid(5), rows.GetString(7), rows.GetString(6),
                    new(rows.GetGuid(1), rows.GetString(2), rows.GetString(3)), rows.GetFieldValue<DateTimeOffset>(4),
                    room.Seats.GetValueOrDefault(rows.GetGuid(0))?.IsGuest is true));
        }

        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new RoomDetails(
                roomID, room.Kind, createdAt, room.Archived, new(context.RequestServices.GetRequiredService<Generation>().Name, watermark),
                owner, DetailsCaller.Of(seat, room), DetailsRoster.Of(seats, count), new(false, null), new("full_history"), new(true)),
            WireJson.Options);
    }
}
