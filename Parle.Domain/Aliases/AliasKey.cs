using Parle.Domain.Rooms;

namespace Parle.Domain.Aliases;

/// <summary>The key of an alias: work sent to the alias is found by it, whichever session holds the alias.</summary>
public static class AliasKey
{
    /// <summary>The key: the same for the same alias of the same agent, for ever.</summary>
    public static Guid Of(Guid agentID, string alias) => NameBased.ID("alias", agentID.ToString(), alias);
}
