using Marten;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections;
using Parle.Projections.Principals;

namespace Parle.Api.Tokens;

/// <summary>Mints tokens: people for their agents, and agents narrower tokens below their own.</summary>
public static class MintTokenEndpoints
{
    /// <summary>For one of the person's agents. Another person's agent and an unknown one get the same answer.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.MintAgentToken))]
    public static async Task<IResult> Mint(
        Guid agent, MintTokenRequest body, Actor actor, Write write, IDocumentSession session, TokenQuota quota, MintedSecrets secrets,
        ActionIndex index, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (body.RoomID is null == body.InviteID is null)
        {
            return new RefusalResult(Refusals.ValidationFailed.Because("Name a room_id or an invite_id, and not both."));
        }

        if (body.Read(now, out var narrowing) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        return await write.Once<MintedToken>(session, body, Mint, (minted, replayed) => Answer(session, minted, replayed, secrets));

        async Task<(Refusal? Refusal, MintedToken? Kept)> Mint(Attribution attribution)
        {
            if (!await AgentQueries.IsOf(session, agent, actor.PrincipalID, cancellation))
            {
                return (Refusals.NoSuchThing, null);
            }

            var seat = body.RoomID is { } roomID
                ? await AgentQueries.SeatIn(session, roomID, agent, actor.PrincipalID, cancellation) : new AgentSeat(null);
            if (seat is null)
            {
                return (Refusals.NoSuchThing, null);
            }

            var decision = new MintAgentToken(agent, body.RoomID, body.Scopes ?? body.UsualScopes)
            {
                InvitationID = body.InviteID,
                Narrowing = narrowing,
                Registry = index.Known,
            }.Decide(seat.SeatID, now);
            return Settle(session, decision, attribution, await quota.Obstacle(session, actor.PrincipalID, agent), secrets, now);
        }
    }

    /// <summary>
    /// Below the token that is presented. The idempotency key belongs to that token: another token of the same agent must not get the
    /// secret.
    /// </summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.MintToken))]
    public static async Task<IResult> Narrow(
        NarrowTokenRequest body, Caller caller, Write write, IDocumentSession session, TokenQuota quota, MintedSecrets secrets,
        ActionIndex index, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (body.Read(now, out var narrowing) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        // A token is minted by the right of a token alone, also when a session is presented.
        return await write.OfToken(caller)
            .Once<MintedToken>(session, Said(body, caller), Mint, (minted, replayed) => Answer(session, minted, replayed, secrets));

        async Task<(Refusal? Refusal, MintedToken? Kept)> Mint(Attribution attribution)
        {
            var (parent, _) = await session.Fold<AgentToken>(caller.TokenID, AgentToken.Apply, cancellation);
            var decision = new NarrowToken(caller.TokenID, narrowing, index.Known).Decide(parent!, now);
            return Settle(session, decision, attribution,
                await quota.Obstacle(session, caller.PrincipalID, caller.AgentID, [.. caller.TokenPath, caller.TokenID]), secrets, now);
        }
    }

    private static (Refusal? Refusal, MintedToken? Kept) Settle(
        IDocumentSession session, Decision decision, Attribution attribution, Refusal? full, MintedSecrets secrets, DateTimeOffset now)
    {
        if ((decision.Refusal ?? full) is { } refusal)
        {
            return (refusal, null);
        }

        var (tokenID, minted) = (Guid.CreateVersion7(now), (AgentTokenMinted)decision.Facts[0].Data);
        session.Events.StartStream(tokenID, session.BuildFact(minted, Guid.CreateVersion7(now), now, attribution));
        var secret = CredentialKind.AgentToken.Mint();
        secrets.Keep(session, secret, CredentialKind.AgentToken.Prefix, tokenID, minted.ExpiresAt);
        return (null, MintedToken.Of(tokenID, minted) with { Secret = secret });
    }

    // A member that is left out is inherited. To state the inherited value means the same.
    private static NarrowTokenRequest Said(NarrowTokenRequest body, Caller caller) => body with
    {
        Scopes = IsAll(body.Scopes, caller.Scopes) ? null : body.Scopes,
        Actions = IsAll(body.Actions, caller.Limits.Actions) ? null : body.Actions,
        Asks = IsAll(body.Asks, caller.Limits.Asks) ? null : body.Asks,
        ExpiresAt = body.ExpiresAt == caller.EndsAt ? null : body.ExpiresAt,
        Uses = caller.BoundedUses.Any(bound => bound.TokenID == caller.TokenID && bound.Uses == body.Uses) ? null : body.Uses,
    };

    private static bool IsAll<T>(IEnumerable<T>? said, IEnumerable<T>? inherited) =>
        said is not null && inherited is not null && inherited.ToHashSet().SetEquals(said);

    private static async Task<IResult> Answer(IDocumentSession session, MintedToken minted, bool replayed, MintedSecrets secrets) =>
        (replayed
            ? await secrets.Find(session, CredentialKind.AgentToken.Prefix, minted.AgentTokenID, CancellationToken.None) : minted.Secret)
        is { } secret
            ? Results.Json(minted with { Token = secret.Reveal() }, WireJson.Options, statusCode: StatusCodes.Status201Created)
            : new RefusalResult(Refusals.SecretGone);
}
