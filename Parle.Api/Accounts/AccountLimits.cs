using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Accounts;

/// <summary>The limits of a principal and of a room. 0 means no limit.</summary>
public sealed class AccountLimits(IConfiguration configuration)
{
    /// <summary>Rooms of a principal that are not archived.</summary>
    public int RoomsPerPrincipal { get; } = Limit(configuration, nameof(RoomsPerPrincipal), 1000);

    /// <summary>Agents of a principal.</summary>
    public int AgentsPerPrincipal { get; } = Limit(configuration, nameof(AgentsPerPrincipal), 100);

    /// <summary>Seats of a room.</summary>
    public int SeatsPerRoom { get; } = Limit(configuration, nameof(SeatsPerRoom), 2000);

    /// <summary>The time in which a used join key gets its answer again.</summary>
    public TimeSpan JoinRepeat { get; } = TimeSpan.FromSeconds(Limit(configuration, "JoinRepeatSeconds", 86_400));

    /// <summary>The default term of an operator.</summary>
    public TimeSpan OperatorLife { get; } = TimeSpan.FromDays(
        Math.Min(Limit(configuration, "OperatorDays", 90), AppointOperator.Longest.TotalDays));

    /// <summary>Refuses one more room, for a token with so many tokens above it; null while there is space.</summary>
    public Refusal? RoomObstacle(Count used, int tokensAbove) =>
        used.Exceeded(new(IsGuest: false, tokensAbove), 1, RoomsPerPrincipal) is var (rooms, limit)
            ? Refusals.ResourceLimitExceeded with
            {
                Cap = new("principal_rooms", rooms, limit,
                    limit < RoomsPerPrincipal ? "This is the share of tokens below another one. Archive a room that is not needed."
                        : "Archive a room that is not needed.")
            }
            : null;

    /// <summary>Refuses one more agent; null while there is space.</summary>
    public Refusal? AgentObstacle(long used) =>
        new Cap("principal_agents", used, AgentsPerPrincipal, "Delete an agent that is not needed.").Obstacle();

    /// <summary>
    /// Refuses one more guest: an agent that joins by a join key without credentials of its own. Guests have half of the space; null while
    /// there is some.
    /// </summary>
    public Refusal? GuestObstacle(long used) =>
        new Cap("principal_guests", used, Math.Max(1, AgentsPerPrincipal / 2), "Delete the agent of a guest that is gone.").Obstacle();

    private static int Limit(IConfiguration configuration, string name, int usual) =>
        configuration.GetValue($"Parle:Limits:{name}", usual) is var limit and not 0 ? limit : int.MaxValue;
}
