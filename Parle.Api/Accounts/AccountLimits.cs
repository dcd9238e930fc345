using Parle.Domain;
using Parle.Domain.Auditing;

namespace Parle.Api.Accounts;

/// <summary>How much a principal, and a room, can have. A limit of 0 is none.</summary>
public sealed class AccountLimits(IConfiguration configuration)
{
    /// <summary>Rooms of a principal that are not archived.</summary>
    public int RoomsPerPrincipal { get; } = Limit(configuration, nameof(RoomsPerPrincipal), 1000);

    /// <summary>Agents of a principal.</summary>
    public int AgentsPerPrincipal { get; } = Limit(configuration, nameof(AgentsPerPrincipal), 100);

    /// <summary>Seats of a room.</summary>
    public int SeatsPerRoom { get; } = Limit(configuration, nameof(SeatsPerRoom), 2000);

    /// <summary>How long a used join key is answered again to whoever repeats the request.</summary>
    public TimeSpan JoinRepeat { get; } = TimeSpan.FromSeconds(Limit(configuration, "JoinRepeatSeconds", 86_400));

    /// <summary>How long an operator is appointed where nothing is said.</summary>
    public TimeSpan OperatorLife { get; } = TimeSpan.FromDays(
        Math.Min(Limit(configuration, "OperatorDays", 90), AppointOperator.Longest.TotalDays));

    /// <summary>Refuses one more room to whoever has so many tokens above its own; null while there is space.</summary>
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
    /// Refuses one more guest, that is an agent that comes by a join key without credentials of its own: they have half of the space; null
    /// while there is some.
    /// </summary>
    public Refusal? GuestObstacle(long used) =>
        new Cap("principal_guests", used, Math.Max(1, AgentsPerPrincipal / 2), "Delete the agent of a guest that is gone.").Obstacle();

    private static int Limit(IConfiguration configuration, string name, int usual) =>
        configuration.GetValue($"Parle:Limits:{name}", usual) is var limit and not 0 ? limit : int.MaxValue;
}
