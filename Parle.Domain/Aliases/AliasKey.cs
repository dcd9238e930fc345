using Parle.Domain.Rooms;

namespace Parle.Domain.Aliases;

/// <summary>By what work is found that was sent to an alias, whichever session has it.</summary>
public static class AliasKey
{
    /// <summary>The key: the same for the same alias of the same agent, for ever.</summary>
    public static Guid Of(Guid agentID, string alias) => NameBased.ID("alias", agentID.ToString(), alias);
}
