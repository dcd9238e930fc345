using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>Tells a room's members about the room, its seats and their rights.</summary>
public static class ReadRoomEndpoint
{
    // More than ever fit into an answer.
    private const int MaxSeats = 400;

    /// <summary>
    /// Returns the room without contents. The watermark is of the caller's own view: another one would reveal hidden facts.
    /// </summary>
    [Serves(typeof(RoomActions), nameof(RoomActions.ReadRoom))]
    public static async Task<IResult> Read(Guid room, Actor actor, RoomStates states, NpgsqlDataSource database, Generation generation,
        TimeProvider clock, CancellationToken cancellation)
    {
        var (_, state, refusal) = await MembersRoom.Of(room, actor, states, cancellation);
        if (refusal is not null)
        {
            return new RefusalResult(refusal);
        }

        var seat = actor.Member.SeatIn(state)!;
        var watermark = await TimelinePage.Head(database, room, seat.SeatID, seat.Since, cancellation);
        var opening = (await RoomPage.Opening(database, room, cancellation))!;
        var (seats, count) = await RoomPage.Seats(database, room, actor.PrincipalID, clock.GetUtcNow(), MaxSeats, cancellation);
        return Results.Json(
            new RoomDetails(
                room, state.Kind, opening.CreatedAt, state.Archived, new(generation.Name, watermark),
                new(state.OwnerID, opening.OwnerHandle, opening.OwnerName), DetailsCaller.Of(seat, state),
                DetailsRoster.Of(seats.Select(found => View(found, state)), count), new(false, null), new("full_history"), new(true)),
            WireJson.Options);
    }

    private static object View(SeatRow seat, Room room)
    {
        var admission = RowAdmission.Of(room.Seats.GetValueOrDefault(seat.SeatID)?.Origin);
        return seat.Agent is { } agent
            ? new AgentSeat(seat.SeatID, agent.AgentID, agent.DisplayName, agent.Handle,
                new(seat.PrincipalID, seat.Handle, seat.DisplayName), seat.AdmittedAt,
                room.Seats.GetValueOrDefault(seat.SeatID)?.IsGuest is true)
            {
                Address = $"@{seat.Handle}.{agent.Handle}",
                LiveSessions = agent.LiveSessions,
                LastSeenAt = agent.LastSeenAt,
                Admission = admission
            }
            : new PrincipalSeat(seat.SeatID, seat.PrincipalID, seat.Handle, seat.DisplayName, seat.AdmittedAt) { Admission = admission };
    }
}
