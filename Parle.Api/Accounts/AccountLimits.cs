using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>How much a principal, and a room, can have.</summary>
public sealed class AccountLimits(IConfiguration configuration)
{
    /// <summary>Rooms of a principal that are not archived.</summary>
    public int RoomsPerPrincipal { get; } = configuration.GetValue("Parle:Limits:RoomsPerPrincipal", 1000);

    /// <summary>Agents of a principal.</summary>
    public int AgentsPerPrincipal { get; } = configuration.GetValue("Parle:Limits:AgentsPerPrincipal", 100);

    /// <summary>Seats of a room.</summary>
    public int SeatsPerRoom { get; } = configuration.GetValue("Parle:Limits:SeatsPerRoom", 2000);

    /// <summary>Refuses one more room; null while there is space.</summary>
    public Refusal? RoomObstacle(long used) => new Cap("principal_rooms", used, RoomsPerPrincipal, "Archive a room that is not needed.").Obstacle();

    /// <summary>Refuses one more agent; null while there is space.</summary>
    public Refusal? AgentObstacle(long used) => new Cap("principal_agents", used, AgentsPerPrincipal, "Delete an agent that is not needed.").Obstacle();
}
