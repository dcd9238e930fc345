using System.Text.Json;
using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Tokens;

namespace Parle.Api.Invitations;

/// <summary>Brings in whoever holds a join key.</summary>
public static class JoinEndpoint
{
    /// <summary>
    /// Finds the key, finds out who joins, asks the host where that is needed, and lets it in: seat, agent and token are one transaction.
    /// </summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.Join))]
    public static async Task<IResult> Join(JoinRequest body, IdempotencyKey key, JoinGuesses guesses, Joining joining, HttpContext context)
    {
        var actor = context.Features.Get<Actor>();
        if (actor?.Agent is { } agent && !agent.Scopes.Contains(Scopes.ClaimInvite))
        {
            return new RefusalResult(Refusals.MissingScope(Scopes.ClaimInvite));
        }

        return await guesses.Try(context, again => joining.Run(body, actor, key, context, again));
    }
}

/// <summary>The way in with a key.</summary>
public sealed class Joining(
    NpgsqlDataSource database, RoomWriters writers, RoomStates states, AccountLimits bounds, TokenQuota quota, ServerKey server,
    MintedSecrets secrets, ActionIndex index, TimeProvider clock)
{
    private static readonly IReadOnlyList<ParleAction> Next =
        [SessionActions.StartSession, SessionActions.EnterRoom, TalkActions.ReadProjection];

    /// <summary>
    /// Lets the caller in, or says why not. A key that was used before is answered <paramref name="again"/>, or like one that opens
    /// nothing.
    /// </summary>
    public async Task<IResult> Run(JoinRequest body, Actor? actor, IdempotencyKey named, HttpContext context, bool again)
    {
        // Whatever was sent is looked up, so that what is no key takes the same way as a wrong one.
        var presented = Secret.Read(body.Key, Secret.JoinPrefix) ?? Secret.Mint(Secret.JoinPrefix);
        var hash = server.HashOf(presented);
        var since = clock.GetUtcNow() - bounds.JoinRepeat;
        if (await Credentials.Find(database, server, presented,
            one => JoinKey.Find(database, one, actor, named, since, context.RequestAborted), context.RequestAborted) is not { } key
            || (key.IsUsed && !again))
        {
            return new RefusalResult(Refusals.InvalidJoinKey);
        }

        var answer = await Run(key, body, actor, named, context);
        if (key.IsUsed || answer is not RefusalResult)
        {
            return answer;
        }

        // Perhaps it was used meanwhile: by this very request, sent twice, or by somebody faster.
        return await JoinKey.Find(database, hash, actor, named, clock.GetUtcNow() - bounds.JoinRepeat, context.RequestAborted) switch
        {
            null => new RefusalResult(Refusals.InvalidJoinKey),
            { IsUsed: true } used => await Run(used, body, actor, named, context),
            _ => answer,
        };
    }

    private async Task<IResult> Run(JoinKey key, JoinRequest body, Actor? actor, IdempotencyKey named, HttpContext context)
    {
        var meaning = Meaning.Of(
            server, new { key.ID, Join = body with { Key = null } }, new { key.ID, body.AgentHandle, body.DisplayName });
        if (key.IsUsed)
        {
            return await Enter(key, named, null, null, meaning, context);
        }

        var room = (await states.Read([key.RoomID], context.RequestAborted))[key.RoomID].Room;
        if (room?.Invitations.GetValueOrDefault(key.ID)?.Terms is not { } terms)
        {
            return new RefusalResult(Refusals.InvalidJoinKey);
        }

        var (refusal, joiner) = await Joiner.Of(database, bounds, body, actor, key, terms, room, context.RequestAborted);
        if (joiner is null)
        {
            return new RefusalResult(refusal!);
        }

        if (await quota.Obstacle(database, joiner.PrincipalID, joiner.AgentID, [], context.RequestAborted) is { } full)
        {
            return new RefusalResult(full);
        }

        var claims = server.All.Select(
            one => Convert.ToHexStringLower(one.FingerprintOf($"join\n{key.ID}\n{key.AuthorID}\n{named.Text}\n{joiner.Handle}"))).ToList();
        var join = new Join(key.ID, Guid.CreateVersion7(), joiner.PrincipalID, joiner.AgentID, joiner.Handle, joiner.IsNew, claims[0])
        { As = joiner.As, OtherClaims = claims[1..], MaxSeats = bounds.SeatsPerRoom };
        if (key.NeedsApproval)
        {
            switch (await writers.Decide(new(key.RoomID, By(key, actor, terms, context), join.Request)))
            {
                case RoomOutcome.Refused refused:
                    return new RefusalResult(refused.Refusal);
                case RoomOutcome.Settled settled when settled.Room.Invitations.GetValueOrDefault(key.ID) is { Approved: false }:
                    return Results.Json(WaitingJoin.Until(named.Text), WireJson.Options, statusCode: StatusCodes.Status202Accepted);
            }

            key = await key.Approved(database, context.RequestAborted);
        }

        return await Enter(key, named, (join, joiner, terms), By(key, actor, terms, context), meaning, context);
    }

    private async Task<IResult> Enter(
        JoinKey key, IdempotencyKey named, (Join Join, Joiner Joiner, InvitationMinted Terms)? wanted, Attribution? attribution,
        Meaning meaning, HttpContext context)
    {
        var (tokenID, secret) = (Guid.CreateVersion7(), Secret.Mint(Secret.TokenPrefix));
        // Of a retry: nothing is written.
        var by = attribution ?? new("join_key", key.IssuerID, [$"join_key:{key.ID}"], context.TraceIdentifier);
        var outcome = await writers.Decide(
            new(key.RoomID, by, (room, now) => wanted is { } one ? one.Join.Decide(room, now) : Refusals.InvalidJoinKey)
            {
                Idempotency = new(key.NameOf(named), meaning, (_, _) => JsonSerializer.Serialize(
                    new KeptJoin(wanted!.Value.Join.SeatID, wanted.Value.Joiner.AgentID, wanted.Value.Joiner.Address, tokenID),
                    WireJson.Options)),
                Also = (session, facts) => wanted!.Value.Joiner.Record(
                    session, facts, wanted.Value.Terms, wanted.Value.Join.SeatID, key.RoomID, tokenID, secret, secrets, index.Known, by),
            });
        return await new Written<KeptJoin>(outcome).Answer(async (kept, replayed) =>
            (replayed ? await secrets.Find(Secret.TokenPrefix, kept.TokenID, context.RequestAborted) : secret) is { } handedOver
                ? Answer(key, kept, handedOver, replayed)
                : new RefusalResult(Refusals.SecretGone));
    }

    private static IResult Answer(JoinKey key, KeptJoin kept, Secret secret, bool replayed) =>
        Results.Json(
            new JoinedRoom(
                key.RoomID, key.RoomHandle, kept.SeatID, kept.AgentID, kept.Address, kept.TokenID, secret.Reveal(),
                [.. Next.Select(action => NextCall.To(action, key.RoomID))], replayed),
            WireJson.Options, statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);

    // Who comes without credentials acts for whoever made the key. The operators by whose session it was made are in the chain of all that
    // comes by it.
    private static Attribution By(JoinKey key, Actor? actor, InvitationMinted terms, HttpContext context)
    {
        IEnumerable<string> byKey = [.. key.Operators.Select(Operator.InPath), $"join_key:{key.ID}"];
        return actor is null
            ? new($"join_key:{key.ID}", key.IssuerID,
                [$"seat:{terms.MinterSeatID}", .. terms.MinterTokens.Select(token => $"token:{token}"), .. byKey], context.TraceIdentifier)
            : actor.Attribution(context.TraceIdentifier) with { Authority = [.. actor.Authority, .. byKey] };
    }

    private sealed record KeptJoin(Guid SeatID, Guid AgentID, string Address, Guid TokenID);
}
