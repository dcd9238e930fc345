namespace Parle.Domain.Agents;

/// <summary>An agent is no more: its tokens, sessions and seats end, and its handle is free again.</summary>
public sealed record AgentDeleted;

/// <summary>The little state that decisions about an agent need.</summary>
/// <param name="PrincipalID">Whose agent it is.</param>
/// <param name="Deleted">Whether it is no more.</param>
public sealed record Agent(Guid PrincipalID, bool Deleted)
{
    /// <summary>The agent after one more fact of its stream; facts of other kinds change nothing.</summary>
    public static Agent? Apply(Agent? agent, object fact) => fact switch
    {
        AgentRegistered registered => new(registered.PrincipalID, Deleted: false),
        AgentDeleted when agent is not null => agent with { Deleted = true },
        _ => agent,
    };

    /// <summary>Whether it is there, and <paramref name="principalID"/>'s.</summary>
    public bool IsOf(Guid principalID) => !Deleted && PrincipalID == principalID;
}

/// <summary>Deletes an agent of one's own.</summary>
/// <param name="PrincipalID">Who does it.</param>
public sealed record DeleteAgent(Guid PrincipalID)
{
    /// <summary>Decides. Of an agent that is not one's own, nobody is told that it exists.</summary>
    public Decision Decide(Agent? agent) => agent?.IsOf(PrincipalID) is true ? Decision.Record(new AgentDeleted()) : Refusals.NoSuchThing;
}
