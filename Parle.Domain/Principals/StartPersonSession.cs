namespace Parle.Domain.Principals;

/// <summary>Signs a person in.</summary>
/// <param name="PrincipalID">Who.</param>
/// <param name="Method">How, see <see cref="PersonSessionStarted"/>.</param>
public sealed record StartPersonSession(Guid PrincipalID, string Method)
{
    /// <summary>How long a person stays signed in at most.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>Decides. Whoever proved to be this person is let in.</summary>
    public Decision Decide(DateTimeOffset now) => Decision.Record(new PersonSessionStarted(PrincipalID, Method, now + Life));
}
