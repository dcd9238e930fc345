namespace Parle.Domain.Principals;

/// <summary>Whoever proves to be this identity is this principal, from now on.</summary>
/// <param name="Kind">What was proven: <c>email</c> or <c>oidc</c>.</param>
/// <param name="Hash">Which one, as a keyed hash in hex: who does not know the identity cannot read it here.</param>
/// <param name="Issuer">Who vouches for it, for <c>oidc</c>; null where that was not recorded.</param>
public sealed record IdentityLinked(string Kind, string Hash, string? Issuer = null)
{
    /// <summary>The server key that the hash is made with, by its public name; null in facts from before keys could be rotated.</summary>
    public string? Key { get; init; }

    /// <summary>Hashes of the same identity under other server keys of that time, which this one stands for too; null for none.</summary>
    public IReadOnlyList<string>? Former { get; init; }
}

/// <summary>Whoever proves to be this identity is this principal no more.</summary>
/// <param name="Kind">See <see cref="IdentityLinked"/>.</param>
/// <param name="Hash">See <see cref="IdentityLinked"/>.</param>
public sealed record IdentityUnlinked(string Kind, string Hash);

/// <summary>Makes an identity that somebody proved one of a principal's. An identity is of one principal only.</summary>
/// <param name="Kind">See <see cref="IdentityLinked"/>.</param>
/// <param name="Hash">See <see cref="IdentityLinked"/>.</param>
/// <param name="Issuer">See <see cref="IdentityLinked"/>.</param>
public sealed record LinkIdentity(string Kind, string Hash, string? Issuer = null)
{
    /// <summary>See <see cref="IdentityLinked.Key"/>.</summary>
    public string? Key { get; init; }

    /// <summary>See <see cref="IdentityLinked.Former"/>.</summary>
    public IReadOnlyList<string>? Former { get; init; }

    /// <summary>Decides. Whose the identity is already is for the database to say.</summary>
    /// <param name="principalID">Whose it shall be.</param>
    /// <param name="linkedTo">Whose it is; null for nobody's.</param>
    public Decision Decide(Guid principalID, Guid? linkedTo) =>
        linkedTo is null ? Decision.Record(Linked)
        : linkedTo == principalID ? Decision.Nothing
        : Refusals.LinkConflict;

    /// <summary>The same identity, as it is stored from now on under another server key.</summary>
    public Decision Rekey() => Decision.Record(Linked);

    private IdentityLinked Linked => new(Kind, Hash, Issuer) { Key = Key, Former = Former is { Count: > 0 } ? Former : null };
}
