namespace Parle.Domain.Principals;

/// <summary>Unlinks an identity: it no longer signs in anybody.</summary>
/// <param name="Kind">See <see cref="IdentityLinked"/>.</param>
/// <param name="Hash">See <see cref="IdentityLinked"/>.</param>
/// <param name="EvenTheLast">Whether it may be the last one by which its principal can sign in.</param>
public sealed record UnlinkIdentity(string Kind, string Hash, bool EvenTheLast)
{
    private static readonly Refusal Last = Refusals.ValidationFailed with
    {
        Reason = "last_identity",
        Unlock = "Without it you could not sign in. Link another identity first, or send even_the_last: true.",
    };

    /// <summary>Decides.</summary>
    /// <param name="linked">The number of the principal's identities, this one included.</param>
    public Decision Decide(int linked) => linked <= 1 && !EvenTheLast ? Last : Decision.Record(new IdentityUnlinked(Kind, Hash));
}
