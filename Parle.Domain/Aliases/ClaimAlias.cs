using Parle.Domain.Names;

namespace Parle.Domain.Aliases;

/// <summary>Gives the caller's session a name of its agent. Fenced: it succeeds only on the generation that the caller has seen.</summary>
/// <param name="SessionID">Who claims.</param>
/// <param name="Alias">The name, see <see cref="SessionAlias"/>.</param>
/// <param name="ExpectedGeneration">The generation that the caller read, 0 for a name that was never claimed.</param>
public sealed record ClaimAlias(Guid SessionID, string? Alias, long ExpectedGeneration)
{
    /// <summary>Why a session that has an alias cannot claim another one.</summary>
    public static readonly Refusal SecondAlias = Refusals.AgentSessionAliasConflict.Because("This session has an alias already.");

    /// <summary>Decides. A session has at most one name, for as long as it lives.</summary>
    public Decision Decide(AgentAliases aliases) =>
        Alias is not null && Handle.Reserved.Contains(Alias) ? Refusals.SessionAliasReserved
        : SessionAlias.Obstacle(Alias) is { } refusal ? refusal
        : aliases[Alias!].Generation != ExpectedGeneration ? Refusals.AgentSessionAliasConflict.Because("Another claim came first. Look the alias up again.")
        : aliases.IsHeldBy(SessionID) ? SecondAlias
        : Decision.Record(new AliasClaimed(Alias!, ExpectedGeneration + 1, SessionID));
}
