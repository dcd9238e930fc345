namespace Parle.Domain.Principals;

/// <summary>Signs a person in.</summary>
/// <param name="PrincipalID">The person.</param>
/// <param name="Method">The proof, see <see cref="PersonSessionStarted"/>.</param>
public sealed record StartPersonSession(Guid PrincipalID, string Method)
{
    /// <summary>The longest time a person stays signed in.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Decides. The caller has proved to be this person already.</summary>
    public Decision Decide(DateTimeOffset now) => Decision.Record(new PersonSessionStarted(PrincipalID, Method, now + Life));
}
