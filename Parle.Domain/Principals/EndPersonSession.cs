namespace Parle.Domain.Principals;

/// <summary>Signs a person out.</summary>
public sealed record EndPersonSession
{
    /// <summary>Decides. Whoever is signed out stays so.</summary>
    /// <param name="facts">What happened to the session, in order.</param>
    public Decision Decide(IEnumerable<object> facts) =>
        facts.OfType<PersonSessionEnded>().Any() ? Decision.Nothing : Decision.Record(new PersonSessionEnded());
}
