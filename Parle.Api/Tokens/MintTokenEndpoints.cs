using Marten;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections;

namespace Parle.Api.Tokens;

/// <summary>Mints tokens: people for their agents, and holders of a token for those who are to do less.</summary>
public static class MintTokenEndpoints
{
    private const string AgentSql =
        "select exists (select from parle.agents where agent_id = $1 and principal_id = $2 and deleted_at is null)";

    private const string SeatSql = """
        select s.seat_id from parle.rooms r left join parle.seats s on s.room_id = r.room_id and s.agent_id = $2 and s.removed_at is null
        where r.room_id = $1 and r.archived_at is null
          and (r.owner_id = $3 or exists (select from parle.seats m where m.room_id = r.room_id and m.principal_id = $3 and m.removed_at is null))
        """;

    /// <summary>For one of the person's own agents. What is not its own, or not there, gets one answer.</summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.MintAgentToken))]
    public static async Task<IResult> Mint(
        MintTokenRequest body, Actor actor, Write write, IDocumentSession session, TokenQuota quota, MintedSecrets secrets,
        ActionIndex index, TimeProvider clock, HttpContext context)
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
            if (WireID.InPath(context, "agent") is not { } agentID
                || !await session.Scalar<bool>(AgentSql, context.RequestAborted, agentID, actor.PrincipalID))
            {
                return (Refusals.NoSuchThing, null);
            }

            var seats = body.RoomID is { } roomID
                ? await session.Rows(SeatSql, row => row.Get<Guid?>("seat_id"), context.RequestAborted, roomID, agentID, actor.PrincipalID)
                : [null];
            if (seats is not [var seatID])
            {
                return (Refusals.NoSuchThing, null);
            }

            var decision = new MintAgentToken(agentID, body.RoomID, body.Scopes ?? body.UsualScopes)
            {
                InvitationID = body.InviteID,
                Narrowing = narrowing,
                Registry = index.Known,
            }.Decide(seatID, now);
            return Settle(session, decision, attribution, await quota.Obstacle(session, actor.PrincipalID, agentID), secrets, now);
        }
    }

    /// <summary>
    /// Below the token that is presented. Its name belongs to that token: another one of the same agent must not be answered with its
    /// secret.
    /// </summary>
    [Serves(typeof(TokenActions), nameof(TokenActions.MintToken))]
    public static async Task<IResult> Narrow(
        NarrowTokenRequest body, Caller caller, Write write, IDocumentSession session, TokenQuota quota, MintedSecrets secrets,
        ActionIndex index, TimeProvider clock, HttpContext context)
    {
        var now = clock.GetUtcNow();
        if (body.Read(now, out var narrowing) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        // A session allows no minting, whoever's it is.
        return await write.OfToken(caller)
            .Once<MintedToken>(session, Said(body, caller), Mint, (minted, replayed) => Answer(session, minted, replayed, secrets));

        async Task<(Refusal? Refusal, MintedToken? Kept)> Mint(Attribution attribution)
        {
            var parent = await session.AgentToken(caller.TokenID, context.RequestAborted);
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
        var secret = Secret.Mint(Secret.TokenPrefix);
        secrets.Keep(session, secret, Secret.TokenPrefix, tokenID, minted.ExpiresAt);
        return (null, MintedToken.Of(tokenID, minted) with { Secret = secret });
    }

    // What is left out is inherited: to say the same is to leave it out.
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
        (replayed ? await secrets.Find(session, Secret.TokenPrefix, minted.AgentTokenID, CancellationToken.None) : minted.Secret)
        is { } secret
            ? Results.Json(minted with { Token = secret.Reveal() }, WireJson.Options, statusCode: StatusCodes.Status201Created)
            : new RefusalResult(Refusals.SecretGone);
}
