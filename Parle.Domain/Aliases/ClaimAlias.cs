using Parle.Domain.Names;

namespace Parle.Domain.Aliases;

/// <summary>Gives the caller's session a name of its agent. Fenced: it succeeds only on the generation that the caller has seen.</summary>
/// <param name="SessionID">Who claims.</param>
/// <param name="Alias">The name, see <see cref="SessionAlias"/>.</param>
/// <param name="ExpectedGeneration">The generation that the caller read, 0 for a name that was never claimed.</param>
public sealed record ClaimAlias(Guid SessionID, string? Alias, long ExpectedGeneration)
{
    /// <summary>
    /// How many names an agent ever has, also those that it gave up. Tokens below another one claim new ones up to half of it.
    /// </summary>
    public const int MaxNames = 10_000;

    /// <summary>Whether the caller's token is below another one of the same agent.</summary>
    public bool IsBelowAnother { get; init; }

    /// <summary>How many names the agent has had by now.</summary>
    public long Names { get; init; }

    /// <summary>Why a session that has an alias cannot claim another one.</summary>
    public static readonly Refusal SecondAlias = Refusals.AgentSessionAliasConflict.Because("This session has an alias already.");

    /// <summary>Decides. A session has at most one name, for as long as it lives.</summary>
    /// <param name="aliases">The name, and the one that the session has.</param>
    public Decision Decide(AgentAliases aliases) =>
        Alias is not null && Handle.Reserved.Contains(Alias) ? Refusals.SessionAliasReserved
        : SessionAlias.Obstacle(Alias) is { } refusal ? refusal
        : aliases[Alias!].Generation != ExpectedGeneration ? Refusals.AgentSessionAliasConflict.Because(
            "Another claim came first. Look the alias up again.")
        : aliases.IsHeldBy(SessionID) ? SecondAlias
        : ExpectedGeneration == 0 && new Cap("agent_aliases", Names, IsBelowAnother ? MaxNames / 2 : MaxNames,
            "Claim a name that the agent has already.").Obstacle() is { } full ? full
        : Decision.Record(new AliasClaimed(Alias!, ExpectedGeneration + 1, SessionID));
}
