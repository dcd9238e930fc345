namespace Parle.Domain.Tokens;

/// <summary>
/// The tokens of one principal's agents that are good, and how they are shared. What one token has below it leaves as many free, and at
/// most half is below it; of what is below a child, half of that again. All of the principal's guests have one half together, and each of
/// them leaves as much of it free. So whoever mints to its limit leaves its parent, its host and its neighbours room to mint.
/// </summary>
/// <param name="All">All of them.</param>
/// <param name="OfGuests">Those of its guests: agents that came by its join keys without credentials of their own.</param>
/// <param name="OfAgent">Those of the agent that is to have one more.</param>
/// <param name="IsGuest">Whether that agent is a guest.</param>
/// <param name="Below">How many are below each token of the chain that mints, the first one first; empty where no token mints.</param>
public sealed record TokensInUse(long All, long OfGuests, long OfAgent, bool IsGuest, IReadOnlyList<long> Below)
{
    /// <summary>What the bound on all is called.</summary>
    public const string PerPrincipal = "tokens_per_principal";

    /// <summary>What a share of it is called.</summary>
    public const string Share = "tokens_share";

    private const string Recovery = "Revoke tokens that are not needed any more.";

    /// <summary>Why there can be no more; null when there can.</summary>
    /// <param name="limit">How many a principal can have; 0 for any number.</param>
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
