using Npgsql;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections.Aliases;

namespace Parle.Api.Aliases;

/// <summary>The alias actions of an agent.</summary>
/// <param name="Claimed">All names that it ever claimed.</param>
public sealed record AliasOffers(IReadOnlyDictionary<string, ClaimedName> Claimed)
{
    private const int MaxNames = 3;

    private static readonly Refusal noAlias = Refusals.NotFound with
    { Reason = "no_alias", Unlock = $"Your agent has no alias. Claim one first ({AliasActions.ClaimAlias.Id})." };

    /// <summary>Finds it for one agent.</summary>
    public static async Task<AliasOffers> Find(NpgsqlDataSource database, Standing here, CancellationToken cancellation) =>
        new(await AliasQueries.ClaimedBy(database, here.Agent.AgentID, here.Now, cancellation));

    private static readonly Blank name = new("alias", "string",
        "2 to 32 characters of a-z, 0-9 and single hyphens.")
    { In = "path" };

    /// <summary>To look up any name.</summary>
    public static IEnumerable<ActionOffer> LookUp(Standing here) => [new(Body: null) { InPath = [name] }];

    /// <summary>
    /// To claim each name that the agent had already and that the caller reaches, as it stands; or any other, as looked up.
    /// </summary>
    public static IEnumerable<ActionOffer> Claim(Standing here) =>
    [
        .. here.Part<AliasOffers>().Claimed.OrderBy(one => one.Key, StringComparer.Ordinal)
            .Where(one => !(one.Value is { HolderLives: true, Released: false })
                || here.Agent.SessionReach.Obstacle(one.Value.HolderTokens) is null)
            .Take(MaxNames).Select(one => new ActionOffer(new ClaimAliasRequest(one.Key, one.Value.Generation))),
        ActionOffer.Usual,
    ];

    /// <summary>An offer to read a name's settings, open to every session of the agent.</summary>
    public static IEnumerable<ActionOffer> Read(Standing here) => About(here, changes: false);

    /// <summary>An offer to change a name's settings. The token must reach the session that messages are left for.</summary>
    public static IEnumerable<ActionOffer> Change(Standing here) => About(here, changes: true);

    private static IEnumerable<ActionOffer> About(Standing here, bool changes)
    {
        var claimed = here.Part<AliasOffers>().Claimed.Where(one => !one.Value.Released).OrderBy(one => one.Key, StringComparer.Ordinal)
            .ToList();
        var reached = claimed.FirstOrDefault(one => !changes || here.Agent.SessionReach.Obstacle(one.Value.HolderTokens) is null);
        return [reached.Key is { } alias
            ? new(null, ("alias", alias)) : ActionOffer.Denied(claimed.Count == 0 ? noAlias : SessionReach.NotYours)];
    }

}
