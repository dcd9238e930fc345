using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Tokens;

namespace Parle.Api.Tokens;

/// <summary>The actions on agents' tokens: of people, who mint and revoke them, and of their holders.</summary>
public static class TokenActions
{
    private const string Bounds =
        "Without `actions` and `asks` a token allows all that its scopes do. `actions` names the only ones that it allows, `asks` the only "
        + "asks that it can act on, and with `asks` alone it can do nothing else. "
        + "`uses` counts the facts that it records in the room. Coming and going is always allowed.";

    /// <summary>GET <c>/v/agents/{agent}/tokens</c>.</summary>
    public static readonly ParleAction ListAgentTokens = new("list_agent_tokens", "GET", "/v/agents/{agent}/tokens",
        "List the tokens of one of your agents.",
        "Newest first, also those that ended, never with the tokens themselves. `revoked_at` tells when a token was taken back, or one "
        + "above it, or its seat, its room or its agent. When `next` is a string, pass it back as `after`.",
        [Ways.Person], [new(200, "A page of tokens.", typeof(TokenList), () => TokenList.Example)])
    {
        ToleratesQuery = true,
        Input = PageCursor.FromNewest,
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>GET <c>/v/agent-tokens</c>.</summary>
    public static readonly ParleAction ListAllAgentTokens = new("list_all_agent_tokens", "GET", "/v/agent-tokens",
        "List the tokens of all your agents.",
        $"As `{ListAgentTokens.Id}`.",
        [Ways.Person], [new(200, "A page of tokens.", typeof(TokenList), () => TokenList.Example)])
    {
        ToleratesQuery = true,
        Input = PageCursor.FromNewest,
    };

    /// <summary>POST <c>/v/agents/{agent}/tokens</c>.</summary>
    public static readonly ParleAction MintAgentToken = new("mint_agent_token", "POST", "/v/agents/{agent}/tokens",
        "Mint a token for one of your agents.",
        "For a room in which the agent has a seat, or with `invite_id` for an invitation, and then for its room once that is accepted. The "
        + $"answer holds the token itself; a retry with the same `Idempotency-Key` answers the same, as long as the token lives. {Bounds}",
        [Ways.Person], [new(201, "The token.", typeof(MintedToken), () => MintedToken.Example)])
    {
        Body = typeof(MintTokenRequest),
        ShowBody = () => MintTokenRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed, Refusals.TokenQuotaExceeded, Refusals.SecretGone],
    };

    /// <summary>POST <c>/v/agent-tokens/{token_id}/revoke</c>.</summary>
    public static readonly ParleAction RevokeAgentToken = new("revoke_agent_token", "POST", "/v/agent-tokens/{token_id}/revoke",
        "Take a token back.",
        "No body. From now on nothing can be done with it, nor with any token below it, and what it holds open closes.",
        [Ways.Person], [new(204, "Taken back.")])
    {
        TakesKey = true,
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>POST <c>/v/agent/tokens</c>.</summary>
    public static readonly ParleAction MintToken = new("mint_token", "POST", "/v/agent/tokens",
        "Mint a token that can do less than yours.",
        "For a program that you do not trust with all that you may do. It is for the same agent, room and seat. What you do not say is as "
        + "in your own token; asking for more than that is refused. It ends with your token, and each of its uses is one of yours. The "
        + "answer holds the token itself; a retry with the same `Idempotency-Key` answers the same, as long as the token lives. " + Bounds,
        [Ways.Token],
        [new(201, "The token.", typeof(MintedToken), () => MintedToken.Example with { ParentTokenID = MintedToken.Example.AgentID })])
    {
        Offers = TokenOffers.Mint,
        Body = typeof(NarrowTokenRequest),
        ShowBody = () => NarrowTokenRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.ValidationFailed, Refusals.TokenQuotaExceeded, Refusals.SecretGone],
        CallerObstacle = caller => caller.TokenPath.Count < NarrowToken.MaxDepth ? null : NarrowToken.TooDeep,
    };

    /// <summary>GET <c>/v/agent/tokens</c>.</summary>
    public static readonly ParleAction ListTokens = new("list_tokens", "GET", "/v/agent/tokens",
        "List your token and those below it.",
        "Newest first, also those that ended, never with the tokens themselves. When `next` is a string, pass it back as `after`.",
        [Ways.Token.EvenNarrow], [new(200, "A page of tokens.", typeof(TokenList), () => TokenList.Example)])
    {
        Input = PageCursor.FromNewest,
    };

    /// <summary>POST <c>/v/agent/tokens/{token_id}/revoke</c>.</summary>
    public static readonly ParleAction RevokeToken = new("revoke_token", "POST", "/v/agent/tokens/{token_id}/revoke",
        "Take back a token below yours, or give up your own.",
        "No body. From now on nothing can be done with it, nor with any token below it, and what it holds open closes.",
        [Ways.Token.EvenNarrow], [new(204, "Taken back.")])
    {
        Offers = TokenOffers.Revoke,
        TakesKey = true,
        Refusals = [Refusals.NotFound],
    };

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("token_id", $"A token's `agent_token_id`, from `{ListTokens.Id}` or `{ListAllAgentTokens.Id}`.",
            MintedToken.Example.AgentTokenID.ToString(), "uuid"),
    ];

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
        [MintToken, ListTokens, RevokeToken, MintAgentToken, ListAgentTokens, ListAllAgentTokens, RevokeAgentToken];
}
