using Parle.Domain;

namespace Parle.Api.Callers;

/// <summary>The place of a credential in a request.</summary>
public enum CredentialPlace
{
    /// <summary>After <c>Bearer</c> in the <c>Authorization</c> header (RFC 6750 §2.1).</summary>
    Bearer,

    /// <summary>A header of its own.</summary>
    Header,

    /// <summary>A cookie (RFC 6265).</summary>
    Cookie,

    /// <summary>A member of the body.</summary>
    Body,
}

/// <summary>
/// A kind of credential. Ways in, look-ups, refusals, OpenAPI, command lines and the change of the server's key are made of these rows.
/// </summary>
/// <param name="Prefix">The beginning of each such secret, by which people and scanners know it.</param>
/// <param name="In">Where it is sent.</param>
/// <param name="Name">The name of the header, cookie or member.</param>
/// <param name="Description">Its meaning, for who holds one.</param>
public sealed record CredentialKind(string Prefix, CredentialPlace In, string Name, string Description)
{
    /// <summary>The name of the scheme <c>Bearer</c>, with the space after it.</summary>
    public const string Bearer = "Bearer ";

    /// <summary>The security scheme's name in OpenAPI; null for a credential that no action demands.</summary>
    public string? Scheme { get; init; }

    /// <summary>The shell variable that stands for it in command lines.</summary>
    public string Variable { get; init; } = "TOKEN";

    /// <summary>The refusal of a request without a valid one.</summary>
    public Refusal Refusal { get; init; } = Refusals.Unauthenticated;

    /// <summary>Whether the secret is kept closed under the server's key, so that a retry can be given the same one.</summary>
    public bool IsSealed { get; init; } = true;

    /// <summary>Lets an agent act.</summary>
    public static CredentialKind AgentToken { get; } = new("parle_agt_", CredentialPlace.Bearer, "Authorization",
        "The agent token that a room's owner gave you. It belongs to one agent and opens one room.")
    { Scheme = "agent_token", Refusal = Refusals.InvalidAgentToken };

    /// <summary>Names a live run of an agent.</summary>
    public static CredentialKind AgentSession { get; } = new("parle_ses_", CredentialPlace.Header, "Parle-Agent-Session",
        "The `session_credential` that `start_session` answered.")
    { Scheme = "agent_session", Variable = "CREDENTIAL", Refusal = Refusals.InvalidAgentSession, IsSealed = false };

    /// <summary>Lets a person in. Browsers keep a cookie of this name to one host and to TLS (RFC 6265bis §4.1.3.2).</summary>
    public static CredentialKind PersonSession { get; } = new("parle_sess_", CredentialPlace.Cookie, "__Host-parle_session",
        "A person's session.")
    { Scheme = "person_session", Variable = "PERSON" };

    /// <summary>Opens a room's record.</summary>
    public static CredentialKind AuditorToken { get; } = new("parle_aud_", CredentialPlace.Bearer, "Authorization",
        "A token that a room's owner gave to an auditor. It opens the record of that room, and nothing else.")
    { Scheme = "auditor_token", Refusal = Refusals.InvalidAuditorToken };

    /// <summary>Lets somebody in who runs the service.</summary>
    public static CredentialKind OperatorToken { get; } = new("parle_opr_", CredentialPlace.Bearer, "Authorization",
        "The token of somebody who runs the service.")
    { Scheme = "operator_token", Refusal = Refusals.InvalidOperatorToken };

    /// <summary>Lets an agent join a room.</summary>
    public static CredentialKind JoinKey { get; } = new("parle_join_", CredentialPlace.Body, "key",
        "A key that somebody with a seat made, so that an agent can join the room as its guest.");

    /// <summary>Tells a browser's sign-in codes from those that strangers ask for.</summary>
    public static CredentialKind Browser { get; } = new("parle_brw_", CredentialPlace.Cookie, "__Host-parle_browser",
        "A browser that asks for sign-in codes. It opens nothing.")
    { IsSealed = false };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CredentialKind> All { get; } =
        [AgentToken, AgentSession, PersonSession, AuditorToken, OperatorToken, JoinKey, Browser];

    /// <summary>A fresh one.</summary>
    public Secret Mint() => Secret.Mint(Prefix);

    /// <summary>Reads what somebody sent; null when it does not have the form of such a secret.</summary>
    public Secret? Read(string? text) => Secret.Read(text, Prefix);

    /// <summary>The one that comes with a request; null when none does, or several.</summary>
    /// <exception cref="InvalidOperationException">It comes in a body, which only its action reads.</exception>
    public Secret? Of(HttpRequest request) => In switch
    {
        CredentialPlace.Bearer => request.Headers.Authorization is [{ } sent] && sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? Read(sent[Bearer.Length..].Trim()) : null,
        CredentialPlace.Header => Read(request.Headers[Name]),
        CredentialPlace.Cookie => Read(request.Cookies[Name]),
        _ => throw new InvalidOperationException($"{Prefix}… comes in a body."),
    };

    /// <summary>The header that sends it from a shell.</summary>
    public string HeaderLine => In switch
    {
        CredentialPlace.Bearer => $"{Name}: {Bearer}${Variable}",
        CredentialPlace.Cookie => $"Cookie: {Name}=${Variable}",
        _ => $"{Name}: ${Variable}",
    };
}
