using Parle.Domain.Principals;

namespace Parle.Domain.Agents;

/// <summary>A principal has an agent from now on.</summary>
public sealed record AgentRegistered(Guid PrincipalID, string Handle, string DisplayName);

/// <summary>Gives a principal an agent. Its handle is unique among the principal's agents.</summary>
/// <param name="PrincipalID">The principal it will belong to.</param>
/// <param name="Handle">Its handle, the second part of its address.</param>
/// <param name="DisplayName">The name shown to people, 1 to 100 characters; the handle when absent.</param>
public sealed record RegisterAgent(Guid PrincipalID, string Handle, string? DisplayName)
{
    /// <summary>Decides. A unique index of the database decides whether the handle is free.</summary>
    public Decision Decide() =>
        Names.Handle.Obstacle(Handle) is { } refusal ? refusal
        : (DisplayName is null ? null : Line.NameObstacle("display_name", DisplayName, RegisterPrincipal.MaxDisplayName)) is { } wrong
            ? wrong
        : Decision.Record(new AgentRegistered(PrincipalID, Handle, DisplayName ?? Handle));
}
