using Npgsql;
using Parle.Api.Registry;
using Parle.Domain.Tokens;
using Parle.Projections.Principals;
using Parle.Projections.Rooms;

namespace Parle.Api.Rooms;

/// <summary>The choices of a member that manages a room.</summary>
/// <param name="OwnAgents">The agents of its principal.</param>
/// <param name="NewestRow">The newest fact in its own view; null for none.</param>
/// <param name="NewestContent">Among the newest facts in its own view, the last one whose content it can redact; null for none.</param>
public sealed record RoomManagement(IReadOnlyList<Guid> OwnAgents, Guid? NewestRow, Guid? NewestContent)
{
    /// <summary>Finds it for one member.</summary>
    public static async Task<RoomManagement> Find(NpgsqlDataSource database, Standing here, CancellationToken cancellation)
    {
        var agents = await AgentQueries.IDsOf(database, here.Actor.PrincipalID, cancellation);
        if (here.Member.SeatIn(here.Room) is not { } seat)
        {
            return new(agents, null, null);
        }

        var managesAll = here.Member.Owns(here.Room) && here.Actor.Agent?.Scopes.Contains(Scopes.RoomManage) is not false;
        return new(
            agents,
            await TimelinePage.Newest(database, here.RoomID, seat.SeatID, seat.Since, cancellation),
            await TimelinePage.NewestContent(database, here.RoomID, seat.SeatID, seat.Since, managesAll, cancellation));
    }
}
