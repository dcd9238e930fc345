using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>The actions of people on their own account: registration, signing in and out.</summary>
public static class AccountActions
{
    private static readonly IReadOnlyList<Refusal> RefusalsOfStarts =
        [Refusals.MailNotConfigured, Refusals.ValidationFailed, Refusals.RateLimited];

    /// <summary>POST <c>/v/onboarding/start</c>.</summary>
    public static readonly ParleAction StartOnboarding = new("start_onboarding", "POST", "/v/onboarding/start",
        "Ask for a code by mail, to become known.",
        "For people. The answer is the same for every address. The code is good for `complete_onboarding` and for `complete_sign_in`, "
        + "whichever fits; a newer code makes the one before void.",
        [Ways.Anyone], [new(202, "A code is on its way.", typeof(CodeRequested), () => CodeRequested.Answer)])
    {
        Body = typeof(EmailRequest),
        ShowBody = () => EmailRequest.Example,
        Refusals = RefusalsOfStarts,
    };

    /// <summary>POST <c>/v/onboarding/complete</c>.</summary>
    public static readonly ParleAction CompleteOnboarding = new("complete_onboarding", "POST", "/v/onboarding/complete",
        "Become known under a handle, and sign in.",
        "For people. Hands over the session as the cookie `__Host-parle_session`. When the handle is taken, or the address is known "
        + "already, the code stays good. With an `Idempotency-Key`, a request that is sent again within the code's ten minutes is answered "
        + "the same, cookie and all.",
        [Ways.Anyone], [new(201, "Known, and signed in.", typeof(Onboarded), () => Onboarded.Example)])
    {
        Body = typeof(OnboardRequest),
        ShowBody = () => OnboardRequest.Example,
        TakesKey = true,
        Refusals =
            [Refusals.InvalidCode, Refusals.HandleUnavailable, Refusals.LinkConflict, Refusals.ValidationFailed, Refusals.RateLimited],
    };

    /// <summary>POST <c>/v/auth/email/start</c>.</summary>
    public static readonly ParleAction StartSignIn = new("start_sign_in", "POST", "/v/auth/email/start",
        "Ask for a code by mail, to sign in.",
        "As `start_onboarding`: the answer tells nobody who is known.",
        [Ways.Anyone], [new(202, "A code is on its way.", typeof(CodeRequested), () => CodeRequested.Answer)])
    {
        Body = typeof(EmailRequest),
        ShowBody = () => EmailRequest.Example,
        Refusals = RefusalsOfStarts,
    };

    /// <summary>POST <c>/v/auth/email/complete</c>.</summary>
    public static readonly ParleAction CompleteSignIn = new("complete_sign_in", "POST", "/v/auth/email/complete",
        "Sign in with the code.",
        "For people. Hands over the session as the cookie `__Host-parle_session`; it lives 30 days at most. A code works once, and is dead "
        + "after five wrong tries. Who is not known yet is told so, by `reason`, and keeps the code. With an `Idempotency-Key`, a request "
        + "that is sent again within the code's ten minutes is answered the same, cookie and all.",
        [Ways.Anyone], [new(201, "Signed in.", typeof(Authenticated), () => Authenticated.Example)])
    {
        Body = typeof(EmailCodeRequest),
        ShowBody = () => EmailCodeRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.InvalidCode, Refusals.ValidationFailed, Refusals.RateLimited],
    };

    /// <summary>POST <c>/v/auth/login/complete</c>.</summary>
    public static readonly ParleAction CompleteLogin = new("complete_login", "POST", "/v/auth/login/complete",
        "Send the second factor of a login that waits for one.",
        "No account has a second factor yet, so no login waits for one.",
        [Ways.Anyone], [new(204, "Signed in.")])
    {
        Body = typeof(FactorRequest),
        ShowBody = () => FactorRequest.Example,
        Refusals = [Refusals.Unauthenticated],
    };

    /// <summary>POST <c>/v/onboarding/oidc</c>.</summary>
    public static readonly ParleAction OnboardOidc = new("onboard_oidc", "POST", "/v/onboarding/oidc",
        "Become known under a handle, by a token of your organisation.",
        "For people, where the service is told to trust an OpenID Connect provider: send the provider's JWT as `Authorization: Bearer`. "
        + "Once you are known, that token itself opens whatever a person's session opens. Sent again with the same handle, it is answered "
        + "the same.",
        [Ways.Anyone], [new(201, "Known.", typeof(Onboarded), () => Onboarded.Example)])
    {
        Body = typeof(OnboardOidcRequest),
        ShowBody = () => OnboardOidcRequest.Example,
        Refusals = [Refusals.Unauthenticated, Refusals.HandleUnavailable, Refusals.LinkConflict, Refusals.ValidationFailed],
    };

    /// <summary>GET <c>/v/auth/whoami</c>.</summary>
    public static readonly ParleAction WhoAmI = new("whoami", "GET", "/v/auth/whoami",
        "Learn as whom you are signed in.",
        "For people, with the session as a cookie.",
        [Ways.Person], [new(200, "Who you are.", typeof(SignedIn), () => SignedIn.Example)])
    { ToleratesQuery = true };

    /// <summary>POST <c>/v/auth/logout</c>.</summary>
    public static readonly ParleAction Logout = new("logout", "POST", "/v/auth/logout",
        "Sign out.",
        "No body. The session is over at once and everywhere, and the cookie is cleared.",
        [Ways.Person], [new(204, "Signed out.")]);

    /// <summary>GET <c>/v/auth/sessions</c>.</summary>
    public static readonly ParleAction ListPersonSessions = new("list_person_sessions", "GET", "/v/auth/sessions",
        "List where you are signed in.",
        "For people. Newest first: since when, until when, when it was last heard of, how it was opened, and by which operator if one did. "
        + "Those that are over are not shown.",
        [Ways.Person], [new(200, "A page of your sessions.", typeof(PersonSessionList), () => PersonSessionList.Example)])
    {
        Input = PageCursor.FromNewest,
    };

    /// <summary>POST <c>/v/auth/sessions/{person_session}/end</c>.</summary>
    public static readonly ParleAction EndPersonSession = new("end_person_session", "POST", "/v/auth/sessions/{person_session}/end",
        "End one of your sessions.",
        "No body. From its next call on, on every node; what it holds open closes.",
        [Ways.Person], [new(204, "It is over.")])
    {
        TakesKey = true,
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>POST <c>/v/auth/sessions/end-others</c>.</summary>
    public static readonly ParleAction EndOtherPersonSessions = new("end_other_person_sessions", "POST", "/v/auth/sessions/end-others",
        "End all your sessions but this one.",
        "No body. As `end_person_session`. Agents and their tokens go on: revoke those by `revoke_agent_token`.",
        [Ways.Person], [new(200, "How many were ended.", typeof(EndedSessions), () => EndedSessions.Example)])
    {
        TakesKey = true,
    };

    /// <summary>GET <c>/v/auth/identities</c>.</summary>
    public static readonly ParleAction ListIdentities = new("list_identities", "GET", "/v/auth/identities",
        "List by what you can sign in.",
        "For people. Addresses are not shown: the service keeps hashes of them. `linked_by` says whether you proved it yourself or an "
        + "operator linked it.",
        [Ways.Person], [new(200, "Your identities.", typeof(IdentityList), () => IdentityList.Example)]);

    /// <summary>POST <c>/v/auth/identities/{identity}/unlink</c>.</summary>
    public static readonly ParleAction UnlinkIdentity = new("unlink_identity", "POST", "/v/auth/identities/{identity}/unlink",
        "Let an address, or a name at your organisation, sign you in no more.",
        "The sessions that it opened end with it. It is nobody's then, and can be linked again. The last one takes `even_the_last: true`.",
        [Ways.Person], [new(204, "It is unlinked.")])
    {
        Body = typeof(UnlinkIdentityRequest),
        ShowBody = () => UnlinkIdentityRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed],
    };

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("person_session", $"The session's `session_id`, from `{ListPersonSessions.Id}`.",
            PersonSessionView.Example.SessionID.ToString(), "uuid"),
        new("identity", $"The identity's `identity_id`, from `{ListIdentities.Id}`.", IdentityView.Example.IdentityID.ToString(), "uuid"),
    ];

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        StartOnboarding, CompleteOnboarding, StartSignIn, CompleteSignIn, CompleteLogin, OnboardOidc, WhoAmI, Logout,
        ListPersonSessions, EndPersonSession, EndOtherPersonSessions, ListIdentities, UnlinkIdentity,
    ];
}
