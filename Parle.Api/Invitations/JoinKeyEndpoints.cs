using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>Makes and lists join keys.</summary>
public static class JoinKeyEndpoints
{
    /// <summary>Makes a join key. A retry gets the secret again as long as the key is open.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.MintJoinKey))]
    public static async Task<IResult> Mint(Guid room, MintJoinKeyRequest body, Actor actor, Write write, MintedSecrets secrets,
        ServerKey server, RequestUrl url, TimeProvider clock, CancellationToken cancellation)
    {
        if (room == Guid.Empty)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        if (Label.Obstacle(body.Label) is { } wrong)
        {
            return new RefusalResult(wrong);
        }

        var (id, fresh) = (Guid.CreateVersion7(), CredentialKind.JoinKey.Mint());
        IReadOnlyList<string> said = [.. (body.Scopes ?? [Scopes.Participate]).Distinct()];
        // A set: sorted, so that every order of the same scopes means the same.
        IReadOnlyList<string> scopes = [.. said.Order(StringComparer.Ordinal)];
        var label = body.Label is { } text ? Label.Of(text, RandomNumberGenerator.GetBytes(Content.SaltLength)) : null;
        var mint = new MintInvitation(
            actor.Member,
            new(id, Guid.Empty, actor.PrincipalID, InvitedKind.Key, null, null, null, body.Approval is true, [],
                body.History ?? History.FromAdmission,
                clock.GetUtcNow() + TimeSpan.FromSeconds(body.TtlSeconds ?? MintInvitation.LifeOfKey.TotalSeconds))
            {
                MinterTokens = actor.Tokens,
                Key = new(scopes, body.AgentHandle, actor.Agent?.Limits.Actions, actor.Agent?.Limits.Asks, null),
            },
            actor.Agent?.Scopes,
            label);
        var written = await write.WithSecret().InRoom(
            room, write.SaysExactly(
                body, former: new { body.Label, body.TtlSeconds, Scopes = said, body.History, body.Approval, body.AgentHandle }),
            mint.Decide,
            (_, fact) => new KeptInvitation(id, ((InvitationMinted)fact.Data).ExpiresAt),
            new()
            {
                Also = (session, facts) =>
                    secrets.Keep(session, fresh, CredentialKind.JoinKey.Prefix, id, ((InvitationMinted)facts[0].Data).ExpiresAt)
            });
        return await written.Answer(async (kept, replayed) =>
        {
            if ((replayed ? await secrets.Find(CredentialKind.JoinKey.Prefix, kept.InvitationID, cancellation) : fresh)
                is not { } handedOver)
            {
                return new RefusalResult(Refusals.SecretGone);
            }

            var secret = handedOver.Reveal();
            return Results.Json(
                new MintedJoinKey(kept.InvitationID, room, secret, scopes, body.Approval is true, kept.ExpiresAt,
                    JoinCall.Of(url.Text, secret, LineOf(server, kept.InvitationID)), replayed),
                WireJson.Options, statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        });
    }

    /// <summary>Lists the join keys of a room.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.ListJoinKeys))]
    public static async Task<IResult> List(
        Guid room, PageCursor cursor, Actor actor, RoomStates states, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellation)
    {
        var state = (await states.Read([room], cancellation))[room].Room;
        if (ListObstacle(state, actor.Member) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var now = clock.GetUtcNow();
        // Without the right to revoke all keys, a member sees the keys that it can revoke or decide about: its own.
        var ofAll = actor.Member.Obstacle(state, Rights.RevokeInvites) is null;
        var keys = await InvitationRow.Keys(
            database, room, ofAll ? null : (actor.Member.SeatIn(state!)!.SeatID, actor.AgentID is null ? actor.PrincipalID : Guid.Empty),
            cursor.After, Paging.MaxRows + 1, cancellation);
        var (page, next) = Paging.Fit(
            [.. keys.Select(row => new JoinKeyView(
                row.InvitationID, row.Label is { } label ? JsonElement.Parse(label).GetProperty("label").GetString() : null,
                StateOf(row, now), row.Scopes ?? [], row.NeedsApproval, row.CreatedAt, row.ExpiresAt, row.AcceptedAt, row.AcceptedAgentID,
                row.SeatID))],
            joinKey => joinKey.JoinKeyID);
        return Results.Json(new JoinKeyList(page, next), WireJson.Options);
    }

    /// <summary>
    /// Returns the reason why a member cannot list keys; null for a member that may make keys or revoke the keys of others. Affordances ask
    /// this too.
    /// </summary>
    internal static Refusal? ListObstacle(Room? room, Member member) =>
        member.Obstacle(room, Rights.RevokeInvites) is null ? null : MintInvitation.Obstacle(room, member);

    // A retry of the mint gets the same line. The line's Idempotency-Key does not follow from the join key alone, so a holder of the join
    // key cannot ask for the token of the agent that used it.
    private static Guid LineOf(ServerKey server, Guid joinKeyID) => new(server.FingerprintOf($"join line\n{joinKeyID}").AsSpan(0, 16));

    private static string StateOf(InvitationRow row, DateTimeOffset now) => row switch
    {
        { State: "accepted" } => "used",
        { State: "lapsed" } => "expired",
        { State: "open" } when row.ExpiresAt <= now => "expired",
        { State: "open", Waiting: true } => "waiting",
        { State: var state } => state,
    };
}
