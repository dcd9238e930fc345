using Parle.Domain.Names;

namespace Parle.Domain.Aliases;

/// <summary>
/// Gives the caller's session an alias of its agent. Fenced: it succeeds only on the generation that the caller has seen.
/// </summary>
/// <param name="SessionID">The session that claims.</param>
/// <param name="Alias">The alias, see <see cref="SessionAlias"/>.</param>
/// <param name="ExpectedGeneration">The generation that the caller read; 0 for an alias that was never claimed.</param>
public sealed record ClaimAlias(Guid SessionID, string? Alias, long ExpectedGeneration)
{
    /// <summary>
    /// Most aliases an agent can ever have, released ones included. Tokens below another one claim new ones only up to half of it.
    /// </summary>
    public const int MaxNames = 10_000;

    /// <summary>Whether the caller's token is below another one of the same agent.</summary>
    public bool IsBelowAnother { get; init; }

    /// <summary>The number of aliases the agent has had so far.</summary>
    public long Names { get; init; }

    /// <summary>The refusal of a second alias for one session.</summary>
    public static readonly Refusal SecondAlias = Refusals.AgentSessionAliasConflict.Because("This session has an alias already.");

    /// <summary>Decides. A session has at most one alias, for as long as it lives.</summary>
    /// <param name="aliases">The alias, and the one that the session has.</param>
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
