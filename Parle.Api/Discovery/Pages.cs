using System.Text;
using Parle.Api.Callers;
using Parle.Api.Registry;

namespace Parle.Api.Discovery;

/// <summary>Short pages of the registry: one for each action, one for each role, and one for the token that asks.</summary>
public static class Pages
{
    private static readonly (string Role, string Title, Func<ParleAction, bool> IsFor)[] roles =
    [
        ("agent", "What an agent can do", action => action.Agent is not null || action.KnowsCaller),
        ("person", "What a person can do", action => action.IsForPerson || action.Ways[0] is Way.Open),
        ("auditor", "What an auditor can do", action => action.Ways.OfType<Way.OfAuditor>().Any()),
        ("operator", "What an operator can do", action => action.Ways.OfType<Way.OfOperator>().Any()),
    ];

    /// <summary>All published pages, by path.</summary>
    public static IEnumerable<(string Path, Func<string> Text)> All =>
    [
        .. roles.Select(
            role => (DiscoveryPaths.PageOf(role.Role), (Func<string>)(() => OfRole(role.Title, Actions.All.Where(role.IsFor))))),
        .. Actions.All.Select(action => (DiscoveryPaths.PageOfAction(action.Id), (Func<string>)(() => OfAction(action)))),
    ];

    /// <summary>What a token can be used for, as it is limited.</summary>
    public static string OfToken(Caller caller, DateTimeOffset now)
    {
        var usable = Actions.All.Where(action => (action.Agent is not null || action.KnowsCaller)
            && caller.Limits.Obstacle(action.Id, action.NamesAsk, null) is null
            && (action.Agent?.Scope is not { } scope || caller.Scopes.Contains(scope))).ToList();
        var text = new StringBuilder($"""
            # What your token can do

            You are `@{caller.PrincipalHandle}.{caller.AgentHandle}`. Your token has the scopes {string.Join(", ", caller.Scopes.Select(scope => $"`{scope}`"))}
            """);
        text.Append(caller.EndsAt is { } end
            ? $" and ends {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, in {(end - now).TotalMinutes:0} minutes.\n" : ", and no end.\n");
        if (caller.HasGuestsShare)
        {
            text.Append("\nYou are a guest: you act for your host, take part, and neither manage anything nor decide an approval as it.\n");
        }

        return text.Append($"\nThe rules: [{DiscoveryPaths.Guide}]({DiscoveryPaths.Guide}). What you may do now in a room: "
            + $"`{AffordanceActions.ReadAffordances.Id}`.\n\n").Append(List(usable)).ToString();
    }

    private static string OfRole(string title, IEnumerable<ParleAction> actions) => $"""
        # {title}

        The rules and the first steps: [{DiscoveryPaths.Guide}]({DiscoveryPaths.Guide}).

        {List(actions)}
        """;

    private static string OfAction(ParleAction action) => $"""
        {LlmsTxt.Describe(action)[2..]}

        Refusals are explained in [{DiscoveryPaths.FullGuide}]({DiscoveryPaths.FullGuide}), the schemas in [{DiscoveryPaths.OpenApi}]({DiscoveryPaths.OpenApi}).

        """;

    private static string List(IEnumerable<ParleAction> actions) => string.Concat(actions.Select(
        action => $"- [`{action.Id}`]({DiscoveryPaths.PageOfAction(action.Id)}): {action.Summary} `{action.Method} {action.Path}`\n"));
}
