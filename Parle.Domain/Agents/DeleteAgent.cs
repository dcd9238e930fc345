namespace Parle.Domain.Agents;

/// <summary>The agent is deleted: its tokens, sessions and seats end, and its handle is free again.</summary>
public sealed record AgentDeleted;

/// <summary>The little state that decisions about an agent need.</summary>
/// <param name="PrincipalID">The principal it belongs to.</param>
/// <param name="Deleted">Whether it was deleted.</param>
public sealed record Agent(Guid PrincipalID, bool Deleted)
{
    /// <summary>The agent after one more fact of its stream; facts of other kinds change nothing.</summary>
    public static Agent? Apply(Agent? agent, object fact) => fact switch
    {
        AgentRegistered registered => new(registered.PrincipalID, Deleted: false),
        AgentDeleted when agent is not null => agent with { Deleted = true },
        _ => agent,
    };

    /// <summary>Whether the agent exists and belongs to <paramref name="principalID"/>.</summary>
    public bool IsOf(Guid principalID) => !Deleted && PrincipalID == principalID;
}

/// <summary>Deletes an agent of the caller.</summary>
/// <param name="PrincipalID">The principal that deletes it.</param>
public sealed record DeleteAgent(Guid PrincipalID)
{
    /// <summary>Decides. Another principal's agent is answered like an unknown one.</summary>
    public Decision Decide(Agent? agent) => agent?.IsOf(PrincipalID) is true ? Decision.Record(new AgentDeleted()) : Refusals.NoSuchThing;
}
