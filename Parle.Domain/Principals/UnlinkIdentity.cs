namespace Parle.Domain.Principals;

/// <summary>Makes an identity nobody's: who proves it is let in no more.</summary>
/// <param name="Kind">See <see cref="IdentityLinked"/>.</param>
/// <param name="Hash">See <see cref="IdentityLinked"/>.</param>
/// <param name="EvenTheLast">Whether it may be the last one by which its principal can sign in.</param>
public sealed record UnlinkIdentity(string Kind, string Hash, bool EvenTheLast)
{
    private static readonly Refusal Last = Refusals.ValidationFailed with
    {
        Reason = "last_identity",
        Unlock = "You could not sign in any more. Link another one first, or say even_the_last: true.",
    };

    /// <summary>Decides.</summary>
    /// <param name="linked">How many identities the principal has, this one among them.</param>
    public Decision Decide(int linked) => linked <= 1 && !EvenTheLast ? Last : Decision.Record(new IdentityUnlinked(Kind, Hash));
}
