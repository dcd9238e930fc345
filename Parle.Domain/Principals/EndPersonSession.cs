namespace Parle.Domain.Principals;

/// <summary>Signs a person out.</summary>
public sealed record EndPersonSession
{
    /// <summary>Decides. Signing out again changes nothing.</summary>
    /// <param name="facts">The session's facts, in order.</param>
    public Decision Decide(IEnumerable<object> facts) =>
        facts.OfType<PersonSessionEnded>().Any() ? Decision.Nothing : Decision.Record(new PersonSessionEnded());
}
