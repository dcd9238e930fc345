namespace Parle.Api.Accounts;

/// <summary>What people do about themselves: signing in and out.</summary>
public static class AccountActions
{
    /// <summary>GET <c>/v/auth/whoami</c>.</summary>
    public static readonly ParleAction WhoAmI = new("whoami", "GET", "/v/auth/whoami",
        "Learn as whom you are signed in.",
        "For people, with the session as a cookie.",
        Access.Person, [new(200, "Who you are.", typeof(SignedIn), SignedIn.Example)]);

    /// <summary>All of them, in the order a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } = [WhoAmI];
}
