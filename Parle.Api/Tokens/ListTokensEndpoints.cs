using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Projections.Principals;
using Parle.Projections.Tokens;

namespace Parle.Api.Tokens;

/// <summary>
/// Lists tokens, newest first. Revoked and expired tokens are listed too: otherwise nobody could find out which tokens there once were.
/// </summary>
public static class ListTokensEndpoints
{
    private const int MaxBytes = 60 * 1024; // Clients of the account plane take 64 KiB.
    private const long Limit = Paging.MaxRows + 1;

    /// <summary>The tokens of one of the person's agents.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.ListAgentTokens))]
    public static async Task<IResult> OfAgent(
        Guid agent, PageCursor cursor, Person person, NpgsqlDataSource database, TokenActivity activity,
        CancellationToken cancellation) =>
        await AgentQueries.IsOf(database, agent, person.PrincipalID, cancellation)
            ? await Answer(activity, () => TokenQueries.OfAgent(database, agent, cursor.After, Limit, cancellation), namesAgents: false)
            : new RefusalResult(Refusals.NoSuchThing);

    /// <summary>The tokens of all the person's agents.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.ListAllAgentTokens))]
    public static Task<IResult> OfPrincipal(
        PageCursor cursor, Person person, NpgsqlDataSource database, TokenActivity activity, CancellationToken cancellation) =>
        Answer(
            activity, () => TokenQueries.OfPrincipal(database, person.PrincipalID, cursor.After, Limit, cancellation), namesAgents: true);

    /// <summary>The caller's token, and the tokens below it; no other tokens of its agent.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.ListTokens))]
    public static Task<IResult> Below(
        PageCursor cursor, Caller caller, NpgsqlDataSource database, TokenActivity activity, CancellationToken cancellation) =>
        Answer(activity, () => TokenQueries.Below(database, caller.TokenID, cursor.After, Limit, cancellation), namesAgents: false);

    private static async Task<IResult> Answer(TokenActivity activity, Func<Task<IReadOnlyList<TokenRow>>> rows, bool namesAgents)
    {
        var noted = activity.Noted; // Before the database, so that no use is missed that is written in between.
        var found = await rows();
        var (page, next) = Paging.Fit(
            [.. found.Select(row => Listed(row, noted, namesAgents))], token => token.AgentTokenID, maxBytes: MaxBytes);
        return Results.Json(new TokenList(page, next?.ToString()), WireJson.Options);
    }

    private static ListedToken Listed(TokenRow row, IReadOnlyDictionary<Guid, DateTimeOffset> noted, bool namesAgents) => new(
        row.TokenID, row.AgentID, row.RoomID, row.RoomHandle, row.InvitationID, row.ParentID, row.Scopes, row.Actions, row.Asks, row.Uses,
        row.Used, row.CreatedAt, row.ExpiresAt,
        noted.TryGetValue(row.TokenID, out var now) && !(now < row.LastUsedAt) ? now : row.LastUsedAt, row.RevokedAt,
        namesAgents ? row.AgentName : null);
}
