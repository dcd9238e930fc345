using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Callers;

/// <summary>A person who is signed in, or an organisation's.</summary>
/// <param name="PrincipalID">The principal.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
/// <param name="Authority">What lets it in, e.g. <c>person_session:{id}</c>.</param>
/// <param name="SessionID">The session that was presented; null where another credential was.</param>
public sealed record Person(Guid PrincipalID, string Handle, string DisplayName, string Authority, Guid? SessionID)
{
    /// <summary>
    /// The operators who opened its session or linked its identity: what is done with them says so, and ends with them. Empty for none.
    /// </summary>
    public IReadOnlyList<Guid> Operators { get; init; } = [];

    /// <summary>Until when what it presented lets it in; null where that is not known.</summary>
    public DateTimeOffset? HoldsUntil { get; init; }
}

/// <summary>Whoever manages things: a person, or an agent of its own whose token has a scope for that.</summary>
/// <param name="PrincipalID">For whom.</param>
/// <param name="PrincipalHandle">Its handle.</param>
/// <param name="AgentID">The agent; null for a person.</param>
/// <param name="Name">As whom it acts, see <see cref="Attribution.Actor"/>.</param>
/// <param name="Authority">What allows it, widest first.</param>
/// <param name="Agent">The agent as a caller; null for a person.</param>
public sealed record Actor(
    Guid PrincipalID, string PrincipalHandle, Guid? AgentID, string Name, IReadOnlyList<string> Authority, Caller? Agent = null)
{
    /// <summary>Whose names of writes these are.</summary>
    public Guid AuthorID => AgentID ?? PrincipalID;

    /// <summary>As whom it is known in rooms.</summary>
    public Member Member => new(PrincipalID, AgentID);

    /// <summary>The tokens of its chain, the first one first; empty for a person.</summary>
    public IReadOnlyList<Guid> Tokens => Agent is { } caller ? [.. caller.TokenPath, caller.TokenID] : [];

    /// <summary>A person.</summary>
    public static Actor Of(Person person) => new(
        person.PrincipalID, person.Handle, null,
        person.SessionID is { } session ? $"person:{person.PrincipalID}/session:{session}" : $"person:{person.PrincipalID}",
        [.. person.Operators.Select(Operator.InPath), person.Authority]);

    /// <summary>An agent.</summary>
    public static Actor Of(Caller caller)
    {
        var attribution = caller.Attribution("");
        return new(caller.PrincipalID, caller.PrincipalHandle, caller.AgentID, attribution.Actor, attribution.Authority, caller);
    }

    /// <summary>On each fact it causes (law 5).</summary>
    public Attribution Attribution(string correlation) => new(Name, PrincipalID, Authority, correlation);
}
