namespace Parle.Domain.Aliases;

/// <summary>Releases an alias; only the person that owns the agent can. Fenced as a claim is; releasing it again changes nothing.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="ExpectedGeneration">The generation that the person has seen.</param>
public sealed record ReleaseAlias(string Alias, long ExpectedGeneration)
{
    /// <summary>An alias that was never claimed cannot be released.</summary>
    public static Refusal? Obstacle(AliasState alias) => alias.Generation == 0 ? Refusals.NotFound : null;

    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        Obstacle(aliases[Alias]) is { } refusal ? refusal
        : aliases[Alias].Generation != ExpectedGeneration ? Refusals.AgentSessionAliasConflict.Because(
            "The alias was claimed meanwhile. Read the effects of a release again.")
        : aliases[Alias].Released ? Decision.Nothing
        : Decision.Record(new AliasReleased(Alias, ExpectedGeneration));
}
