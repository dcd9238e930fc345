using Parle.Api.Callers;

namespace Parle.Api.Registry;

/// <summary>The progress that an agent must have made to be let in. Each value includes the ones before it.</summary>
public enum AgentStanding
{
    /// <summary>An agent token.</summary>
    Token,

    /// <summary>A live session of the same agent.</summary>
    Session,

    /// <summary>A token and a seat for the room of the path.</summary>
    Seat,

    /// <summary>The session has entered the room.</summary>
    Participant,
}

/// <summary>
/// A way in: the credentials that let a caller in. An action lists its ways; a request takes the first way that it has a credential for.
/// </summary>
public abstract record Way
{
    private Way(params IReadOnlyList<CredentialKind> credentials) => Credentials = credentials;

    /// <summary>The credentials that it asks for, all of them.</summary>
    public IReadOnlyList<CredentialKind> Credentials { get; }

    /// <summary>Anybody may come in.</summary>
    /// <param name="Recognises">Whether a credential that is sent anyway identifies the caller.</param>
    public sealed record Open(bool Recognises) : Way;

    /// <summary>An agent.</summary>
    /// <param name="Standing">The progress that it must have made.</param>
    /// <param name="Scope">The scope that its token must have besides; null for none. Guests cannot have it.</param>
    public sealed record OfAgent(AgentStanding Standing, string? Scope = null)
        : Way(Standing is AgentStanding.Token
            ? [CredentialKind.AgentToken] : [CredentialKind.AgentToken, CredentialKind.AgentSession])
    {
        /// <summary>
        /// Whether every token opens it, however narrow: the action makes an agent present, and shows and changes nothing of anybody
        /// else's.
        /// </summary>
        public bool IsForNarrowTokens { get; init; }

        /// <summary>The same way, for every token.</summary>
        public OfAgent EvenNarrow => this with { IsForNarrowTokens = true };
    }

    /// <summary>A person's session, or its organisation's token.</summary>
    public sealed record OfPerson() : Way(CredentialKind.PersonSession);

    /// <summary>An auditor's token, for the room of the path.</summary>
    public sealed record OfAuditor() : Way(CredentialKind.AuditorToken);

    /// <summary>An operator's token.</summary>
    public sealed record OfOperator() : Way(CredentialKind.OperatorToken);
}

/// <summary>All ways in, by the names that rows use.</summary>
public static class Ways
{
    /// <summary>Anybody.</summary>
    public static Way.Open Anyone { get; } = new(Recognises: false);

    /// <summary>Anybody; a credential that is sent identifies the caller.</summary>
    public static Way.Open Recognised { get; } = new(Recognises: true);

    /// <summary>An agent token.</summary>
    public static Way.OfAgent Token { get; } = new(AgentStanding.Token);

    /// <summary>An agent token and a live session of the same agent.</summary>
    public static Way.OfAgent Session { get; } = new(AgentStanding.Session);

    /// <summary>As <see cref="Session"/>, with a token and a seat for the room of the path.</summary>
    public static Way.OfAgent Seat { get; } = new(AgentStanding.Seat);

    /// <summary>As <see cref="Seat"/>, and the session has entered the room.</summary>
    public static Way.OfAgent Participant { get; } = new(AgentStanding.Participant);

    /// <summary>A person.</summary>
    public static Way.OfPerson Person { get; } = new();

    /// <summary>An auditor of the room.</summary>
    public static Way.OfAuditor Auditor { get; } = new();

    /// <summary>An operator of the service.</summary>
    public static Way.OfOperator Operator { get; } = new();

    /// <summary>An agent that does, in its session and in its token's room, what people do.</summary>
    /// <param name="scope">The scope that its token must have.</param>
    public static Way.OfAgent AgentWith(string scope) => new(AgentStanding.Session, scope);
}
