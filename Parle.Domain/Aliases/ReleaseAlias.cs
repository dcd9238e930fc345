namespace Parle.Domain.Aliases;

/// <summary>Gives a name up, as the person whose agent it is. Fenced as a claim is; giving it up again changes nothing.</summary>
/// <param name="Alias">The name.</param>
/// <param name="ExpectedGeneration">The generation that the person has seen.</param>
public sealed record ReleaseAlias(string Alias, long ExpectedGeneration)
{
    /// <summary>A name that nobody ever claimed cannot be given up.</summary>
    public static Refusal? Obstacle(AliasState alias) => alias.Generation == 0 ? Refusals.NotFound : null;

    /// <summary>Decides.</summary>
    public Decision Decide(AgentAliases aliases) =>
        Obstacle(aliases[Alias]) is { } refusal ? refusal
        : aliases[Alias].Generation != ExpectedGeneration ? Refusals.AgentSessionAliasConflict.Because(
            "The alias was claimed since. Look at what a release would do again.")
        : aliases[Alias].Released ? Decision.Nothing
        : Decision.Record(new AliasReleased(Alias, ExpectedGeneration));
}
