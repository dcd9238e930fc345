using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>What people do about themselves: becoming known, signing in and out.</summary>
public static class AccountActions
{
    private static readonly IReadOnlyList<Refusal> RefusalsOfStarts = [Refusals.MailNotConfigured, Refusals.ValidationFailed, Refusals.RateLimited];

    /// <summary>POST <c>/v/onboarding/start</c>.</summary>
    public static readonly ParleAction StartOnboarding = new("start_onboarding", "POST", "/v/onboarding/start",
        "Ask for a code by mail, to become known.",
        "For people. The answer is the same for every address. The code is good for `complete_onboarding` and for `complete_sign_in`, whichever fits; a newer code makes the one before void.",
        Access.Anyone, [new(202, "A code is on its way.", typeof(CodeRequested), () => CodeRequested.Answer)])
    {
        Body = typeof(EmailRequest),
        ShowBody = () => EmailRequest.Example,
        Refusals = RefusalsOfStarts,
    };

    /// <summary>POST <c>/v/onboarding/complete</c>.</summary>
    public static readonly ParleAction CompleteOnboarding = new("complete_onboarding", "POST", "/v/onboarding/complete",
        "Become known under a handle, and sign in.",
        "For people. Hands over the session as the cookie `__Host-parle_session`. When the handle is taken, or the address is known already, the code stays good. With an `Idempotency-Key`, a request that is sent again within the code's ten minutes is answered the same, cookie and all.",
        Access.Anyone, [new(201, "Known, and signed in.", typeof(Onboarded), () => Onboarded.Example)])
    {
        Body = typeof(OnboardRequest),
        ShowBody = () => OnboardRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.InvalidCode, Refusals.HandleUnavailable, Refusals.LinkConflict, Refusals.ValidationFailed, Refusals.RateLimited],
    };

    /// <summary>POST <c>/v/auth/email/start</c>.</summary>
    public static readonly ParleAction StartSignIn = new("start_sign_in", "POST", "/v/auth/email/start",
        "Ask for a code by mail, to sign in.",
        "As `start_onboarding`: the answer tells nobody who is known.",
        Access.Anyone, [new(202, "A code is on its way.", typeof(CodeRequested), () => CodeRequested.Answer)])
    {
        Body = typeof(EmailRequest),
        ShowBody = () => EmailRequest.Example,
        Refusals = RefusalsOfStarts,
    };

    /// <summary>POST <c>/v/auth/email/complete</c>.</summary>
    public static readonly ParleAction CompleteSignIn = new("complete_sign_in", "POST", "/v/auth/email/complete",
        "Sign in with the code.",
        "For people. Hands over the session as the cookie `__Host-parle_session`; it lives 30 days at most. A code works once, and is dead after five wrong tries. Who is not known yet is told so, by `reason`, and keeps the code. With an `Idempotency-Key`, a request that is sent again within the code's ten minutes is answered the same, cookie and all.",
        Access.Anyone, [new(201, "Signed in.", typeof(Authenticated), () => Authenticated.Example)])
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
        Access.Anyone, [new(204, "Signed in.")])
    {
        Body = typeof(FactorRequest),
        ShowBody = () => FactorRequest.Example,
        Refusals = [Refusals.Unauthenticated],
    };

    /// <summary>POST <c>/v/onboarding/oidc</c>.</summary>
    public static readonly ParleAction OnboardOidc = new("onboard_oidc", "POST", "/v/onboarding/oidc",
        "Become known under a handle, by a token of your organisation.",
        "For people, where the service is told to trust an OpenID Connect provider: send the provider's JWT as `Authorization: Bearer`. Once you are known, that token itself opens whatever a person's session opens. Sent again with the same handle, it is answered the same.",
        Access.Anyone, [new(201, "Known.", typeof(Onboarded), () => Onboarded.Example)])
    {
        Body = typeof(OnboardOidcRequest),
        ShowBody = () => OnboardOidcRequest.Example,
        Refusals = [Refusals.Unauthenticated, Refusals.HandleUnavailable, Refusals.LinkConflict, Refusals.ValidationFailed],
    };

    /// <summary>GET <c>/v/auth/whoami</c>.</summary>
    public static readonly ParleAction WhoAmI = new("whoami", "GET", "/v/auth/whoami",
        "Learn as whom you are signed in.",
        "For people, with the session as a cookie.",
        Access.Person, [new(200, "Who you are.", typeof(SignedIn), () => SignedIn.Example)])
    { ToleratesQuery = true };

    /// <summary>POST <c>/v/auth/logout</c>.</summary>
    public static readonly ParleAction Logout = new("logout", "POST", "/v/auth/logout",
        "Sign out.",
        "No body. The session is over at once and everywhere, and the cookie is cleared.",
        Access.Person, [new(204, "Signed out.")]);

    /// <summary>All of them, in the order a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } = [StartOnboarding, CompleteOnboarding, StartSignIn, CompleteSignIn, CompleteLogin, OnboardOidc, WhoAmI, Logout];
}
