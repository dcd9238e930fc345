namespace Parle.Domain.Principals;

/// <summary>A caller that proves this identity is this principal, from now on.</summary>
/// <param name="Kind">The kind of proof: <c>email</c> or <c>oidc</c>.</param>
/// <param name="Hash">The identity as a keyed hash in hex, so that it cannot be read here.</param>
/// <param name="Issuer">The issuer of the identity, for <c>oidc</c>; null if it was not recorded.</param>
public sealed record IdentityLinked(string Kind, string Hash, string? Issuer = null)
{
    /// <summary>The public name of the server key that made the hash; null in facts from before keys could be rotated.</summary>
    public string? Key { get; init; }

    /// <summary>Hashes of the same identity under the other server keys of that time; null for none.</summary>
    public IReadOnlyList<string>? Former { get; init; }
}

/// <summary>This identity no longer signs in as this principal.</summary>
/// <param name="Kind">See <see cref="IdentityLinked"/>.</param>
/// <param name="Hash">See <see cref="IdentityLinked"/>.</param>
public sealed record IdentityUnlinked(string Kind, string Hash);

/// <summary>Links a proved identity to a principal. An identity belongs to one principal only.</summary>
/// <param name="Kind">See <see cref="IdentityLinked"/>.</param>
/// <param name="Hash">See <see cref="IdentityLinked"/>.</param>
/// <param name="Issuer">See <see cref="IdentityLinked"/>.</param>
public sealed record LinkIdentity(string Kind, string Hash, string? Issuer = null)
{
    /// <summary>See <see cref="IdentityLinked.Key"/>.</summary>
    public string? Key { get; init; }

    /// <summary>See <see cref="IdentityLinked.Former"/>.</summary>
    public IReadOnlyList<string>? Former { get; init; }

    /// <summary>Decides. A unique index of the database decides whether the identity is linked already.</summary>
    /// <param name="principalID">The principal it shall belong to.</param>
    /// <param name="linkedTo">The principal it belongs to; null for none.</param>
    public Decision Decide(Guid principalID, Guid? linkedTo) =>
        linkedTo is null ? Decision.Record(Linked)
        : linkedTo == principalID ? Decision.Nothing
        : Refusals.LinkConflict;

    /// <summary>The same identity, stored from now on under another server key.</summary>
    public Decision Rekey() => Decision.Record(Linked);

    private IdentityLinked Linked => new(Kind, Hash, Issuer) { Key = Key, Former = Former is { Count: > 0 } ? Former : null };
}
