using Npgsql;
using Parle.Api.Registry;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>The auditors that a room's owner can choose from.</summary>
/// <param name="Living">The auditors that are not dismissed, oldest first; empty for all callers but the owner in person.</param>
public sealed record RoomAuditors(IReadOnlyList<Guid> Living)
{
    /// <summary>Finds them for one member.</summary>
    public static async Task<RoomAuditors> Find(NpgsqlDataSource database, Standing here, CancellationToken cancellation) =>
        new(here.Actor.AgentID is null && here.Member.Owns(here.Room) ? await Auditors.Living(database, here.RoomID, cancellation) : []);
}
