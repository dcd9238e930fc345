using Parle.Domain.Principals;

namespace Parle.Domain.Agents;

/// <summary>A principal has an agent from now on.</summary>
public sealed record AgentRegistered(Guid PrincipalID, string Handle, string DisplayName);

/// <summary>Gives a principal an agent. Its handle is unique among the principal's agents.</summary>
/// <param name="PrincipalID">Whose agent it is.</param>
/// <param name="Handle">How it is addressed, after its principal.</param>
/// <param name="DisplayName">How it is shown, 1 to 100 characters; the handle when absent.</param>
public sealed record RegisterAgent(Guid PrincipalID, string Handle, string? DisplayName)
{
    /// <summary>Decides. Whether the handle is free is for the database to say.</summary>
    public Decision Decide() =>
        Names.Handle.Obstacle(Handle) is { } refusal ? refusal
        : (DisplayName is null ? null : Line.NameObstacle("display_name", DisplayName, RegisterPrincipal.MaxDisplayName)) is { } wrong
            ? wrong
        : Decision.Record(new AgentRegistered(PrincipalID, Handle, DisplayName ?? Handle));
}
