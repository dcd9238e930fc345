namespace Parle.Domain.Tokens;

/// <summary>
/// The valid tokens of one principal's agents, and their shares. The tokens below one token leave as many free, and are at most half of the
/// bound; below a child at most half of that. All guests of the principal share one half, and each of them leaves as much of it free. So a
/// minter at its bound leaves its parent, its host and its neighbours room to mint.
/// </summary>
/// <param name="All">The number of all of them.</param>
/// <param name="OfGuests">The number of its guests' tokens: of agents that came by a join key without credentials of their own.</param>
/// <param name="OfAgent">The number of the agent that is to have one more.</param>
/// <param name="IsGuest">Whether that agent is a guest.</param>
/// <param name="Below">The number below each token of the minting chain, outermost first; empty where no token mints.</param>
public sealed record TokensInUse(long All, long OfGuests, long OfAgent, bool IsGuest, IReadOnlyList<long> Below)
{
    /// <summary>The name of the bound on all.</summary>
    public const string PerPrincipal = "tokens_per_principal";

    /// <summary>The name of the bound on a share.</summary>
    public const string Share = "tokens_share";

    private const string Recovery = "Revoke tokens that are not needed any more.";

    /// <summary>The refusal of one more; null below the bounds.</summary>
    /// <param name="limit">Most tokens of a principal; 0 for no bound.</param>
    public Refusal? Obstacle(int limit)
    {
        if (limit == 0)
        {
            return null;
        }

        if (All >= limit)
        {
            return Full(PerPrincipal, All, limit);
        }

        var guests = Math.Max(1, limit / 2);
        if (IsGuest && OfAgent >= Math.Max(1, guests - OfGuests))
        {
            return Full(Share, OfAgent, Math.Max(1, guests - OfGuests));
        }

        for (var (i, half) = (0, Math.Max(1L, limit / 2)); i < Below.Count; i++, half = Math.Max(1, half / 2))
        {
            var share = Math.Min(half, limit - All);
            if (Below[i] >= share)
            {
                return Full(Share, Below[i], share);
            }
        }

        return null;
    }

    private static Refusal Full(string name, long used, long limit) =>
        Refusals.TokenQuotaExceeded with { Cap = new(name, used, limit, Recovery) };
}
