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
using Parle.Domain.Names;
using Parle.Domain.Tokens;

namespace Parle.Api.Invitations;

/// <summary>Lets the holder of a join key in.</summary>
public static class JoinEndpoint
{
    /// <summary>
    /// Finds the key and the agent that joins, asks the host where that is needed, and lets the agent in. Seat, agent and token are one
    /// transaction.
    /// </summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.Join))]
    public static async Task<IResult> Join(
        JoinRequest body, IdempotencyKey key, JoinAttempt attempt, JoinGuesses guesses, JoinKeyRedemption redemption,
        CancellationToken cancellation)
    {
        if (attempt.Actor?.Agent is { } agent && !agent.Scopes.Contains(Scopes.ClaimInvite))
        {
            return new RefusalResult(Refusals.MissingScope(Scopes.ClaimInvite));
        }

        return await guesses.Try(attempt, again => redemption.Run(body, attempt, key, again, cancellation));
    }
}

/// <summary>Redeems join keys.</summary>
public sealed class JoinKeyRedemption(
    NpgsqlDataSource database, RoomWriters writers, RoomStates states, AccountLimits bounds, TokenQuota quota, ServerKey server,
    MintedSecrets secrets, ActionIndex index, TimeProvider clock)
{
    private static readonly IReadOnlyList<ParleAction> Next =
        [SessionActions.StartSession, SessionActions.EnterRoom, TalkActions.ReadProjection];

    /// <summary>Lets the caller in, or returns a refusal.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="attempt">The request.</param>
    /// <param name="named">Its idempotency key.</param>
    /// <param name="again">Whether a key that the caller used before is answered again; otherwise it counts as invalid.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IResult> Run(
        JoinRequest body, JoinAttempt attempt, IdempotencyKey named, bool again, CancellationToken cancellation)
    {
        // A malformed key is looked up too, so that it takes as long as a wrong one.
        var presented = CredentialKind.JoinKey.Read(body.Key) ?? CredentialKind.JoinKey.Mint();
        var hash = server.HashOf(presented);
        var since = clock.GetUtcNow() - bounds.JoinRepeat;
        if (await Credentials.Find(database, server, presented,
            one => JoinKey.Find(database, one, attempt.Actor, named, since, cancellation), cancellation) is not { } key
            || (key.IsUsed && !again))
        {
            return new RefusalResult(Refusals.InvalidJoinKey);
        }

        var answer = await Run(key, body, attempt, named, cancellation);
        if (key.IsUsed || answer is not RefusalResult)
        {
            return answer;
        }

        // The key may have been used meanwhile, by this request sent twice or by another client.
        return await JoinKey.Find(database, hash, attempt.Actor, named, clock.GetUtcNow() - bounds.JoinRepeat, cancellation) switch
        {
            null => new RefusalResult(Refusals.InvalidJoinKey),
            { IsUsed: true } used => await Run(used, body, attempt, named, cancellation),
            _ => answer,
        };
    }

    private async Task<IResult> Run(
        JoinKey key, JoinRequest body, JoinAttempt attempt, IdempotencyKey named, CancellationToken cancellation)
    {
        var meaning = Meaning.Of(
            server, new { key.ID, Join = body with { Key = null } }, new { key.ID, body.AgentHandle, body.DisplayName });
        if (key.IsUsed)
        {
            return await Enter(key, named, null, null, meaning, attempt, cancellation);
        }

        var room = (await states.Read([key.RoomID], cancellation))[key.RoomID].Room;
        if (room?.Invitations.GetValueOrDefault(key.ID)?.Terms is not { } terms)
        {
            return new RefusalResult(Refusals.InvalidJoinKey);
        }

        var (refusal, joining) = await JoiningAgent.Of(database, bounds, body, attempt.Actor, key, terms, room, cancellation);
        if (joining is null)
        {
            return new RefusalResult(refusal!);
        }

        if (await quota.Obstacle(database, joining.PrincipalID, joining.AgentID, [], cancellation) is { } full)
        {
            return new RefusalResult(full);
        }

        var claims = server.All.Select(
            one => Convert.ToHexStringLower(one.FingerprintOf($"join\n{key.ID}\n{key.AuthorID}\n{named.Text}\n{joining.Handle}"))).ToList();
        var join = new Join(key.ID, Guid.CreateVersion7(), joining.PrincipalID, joining.AgentID, joining.Handle, joining.IsNew, claims[0])
        { As = joining.As, OtherClaims = claims[1..], MaxSeats = bounds.SeatsPerRoom };
        if (key.NeedsApproval)
        {
            switch (await writers.Decide(new(key.RoomID, By(key, attempt, terms), join.Request)))
            {
                case RoomOutcome.Refused refused:
                    return new RefusalResult(refused.Refusal);
                case RoomOutcome.Settled settled when settled.Room.Invitations.GetValueOrDefault(key.ID) is { Approved: false }:
                    return Results.Json(WaitingJoin.Until(named.Text), WireJson.Options, statusCode: StatusCodes.Status202Accepted);
            }

            key = await key.Approved(database, cancellation);
        }

        return await Enter(key, named, (join, joining, terms), By(key, attempt, terms), meaning, attempt, cancellation);
    }

    private async Task<IResult> Enter(
        JoinKey key, IdempotencyKey named, (Join Join, JoiningAgent Agent, InvitationMinted Terms)? wanted, Attribution? attribution,
        Meaning meaning, JoinAttempt attempt, CancellationToken cancellation)
    {
        var (tokenID, secret) = (Guid.CreateVersion7(), CredentialKind.AgentToken.Mint());
        // A retry has no attribution of its own: it writes nothing.
        var by = attribution ?? new("join_key", key.IssuerID, [$"join_key:{key.ID}"], attempt.Correlation);
        var outcome = await writers.Decide(
            new(key.RoomID, by, (room, now) => wanted is { } one ? one.Join.Decide(room, now) : Refusals.InvalidJoinKey)
            {
                Idempotency = new(key.NameOf(named), meaning, (_, _) => JsonSerializer.Serialize(
                    new KeptJoin(wanted!.Value.Join.SeatID, wanted.Value.Agent.AgentID, wanted.Value.Agent.Address, tokenID,
                        wanted.Value.Agent.As is not JoinedAs.Itself),
                    WireJson.Options)),
                Also = (session, facts) => wanted!.Value.Agent.Record(
                    session, facts, wanted.Value.Terms, wanted.Value.Join.SeatID, key.RoomID, tokenID, secret, secrets, index.Known, by),
            });
        return await new WriteResult<KeptJoin>(outcome).Answer(async (kept, replayed) =>
            (replayed ? await secrets.Find(CredentialKind.AgentToken.Prefix, kept.TokenID, cancellation) : secret) is { } handedOver
                ? Answer(key, kept, handedOver, replayed)
                : new RefusalResult(Refusals.SecretGone));
    }

    private static IResult Answer(JoinKey key, KeptJoin kept, Secret secret, bool replayed) =>
        Results.Json(
            new JoinedRoom(
                key.RoomID, key.RoomHandle, kept.SeatID, kept.AgentID, kept.Address, kept.TokenID, secret.Reveal(),
                [.. Next.Select(action => NextCall.To(action, key.RoomID))], replayed)
            { ActsFor = $"@{Address.Parse(kept.Address)!.Principal}", Guest = kept.Guest },
            WireJson.Options, statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);

    // A caller without credentials acts for the maker of the key. The operators by whose session the key was made are in the chain of every
    // fact that is caused with it.
    private static Attribution By(JoinKey key, JoinAttempt attempt, InvitationMinted terms)
    {
        IEnumerable<string> byKey = [.. key.Operators.Select(Operator.InPath), $"join_key:{key.ID}"];
        return attempt.Actor is not { } actor
            ? new($"join_key:{key.ID}", key.IssuerID,
                [$"seat:{terms.MinterSeatID}", .. terms.MinterTokens.Select(token => $"token:{token}"), .. byKey], attempt.Correlation)
            : actor.Attribution(attempt.Correlation) with { Authority = [.. actor.Authority, .. byKey] };
    }

    private sealed record KeptJoin(Guid SeatID, Guid AgentID, string Address, Guid TokenID, bool Guest = false);
}
