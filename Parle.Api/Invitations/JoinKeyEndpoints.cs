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
    /// <summary>Makes one. Its secret is told again to a retry as long as the key is open.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.MintJoinKey))]
    public static async Task<IResult> Mint(MintJoinKeyRequest body, Actor actor, Write write, MintedSecrets secrets, ServerKey server,
        Locator locator, TimeProvider clock, HttpContext context)
    {
        if (WireID.InPath(context, "room") is not { } roomID)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        if (Label.Obstacle(body.Label) is { } wrong)
        {
            return new RefusalResult(wrong);
        }

        var (id, fresh) = (Guid.CreateVersion7(), Secret.Mint(Secret.JoinPrefix));
        IReadOnlyList<string> said = [.. (body.Scopes ?? [Scopes.Participate]).Distinct()];
        // A set: in one order whichever way it is said, now and when it is said again.
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
            roomID, write.SaysExactly(
                body, former: new { body.Label, body.TtlSeconds, Scopes = said, body.History, body.Approval, body.AgentHandle }),
            mint.Decide,
            (_, fact) => new KeptInvitation(id, ((InvitationMinted)fact.Data).ExpiresAt),
            new()
            {
                Also = (session, facts) => secrets.Keep(session, fresh, Secret.JoinPrefix, id, ((InvitationMinted)facts[0].Data).ExpiresAt)
            });
        return await written.Answer(async (kept, replayed) =>
        {
            if ((replayed ? await secrets.Find(Secret.JoinPrefix, kept.InvitationID, context.RequestAborted) : fresh) is not { } handedOver)
            {
                return new RefusalResult(Refusals.SecretGone);
            }

            var secret = handedOver.Reveal();
            return Results.Json(
                new MintedJoinKey(kept.InvitationID, roomID, secret, scopes, body.Approval is true, kept.ExpiresAt,
                    JoinCall.Of(locator.BaseFor(context.Request), secret, LineOf(server, kept.InvitationID)), replayed),
                WireJson.Options, statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        });
    }

    /// <summary>Lists them.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.ListJoinKeys))]
    public static async Task<IResult> List(
        PageCursor cursor, Actor actor, RoomStates states, NpgsqlDataSource database, TimeProvider clock, HttpContext context)
    {
        var roomID = WireID.InPath(context, "room") ?? Guid.Empty;
        var room = (await states.Read([roomID], context.RequestAborted))[roomID].Room;
        if (ListObstacle(room, actor.Member) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var now = clock.GetUtcNow();
        // Others see what they could take back or decide about: their own.
        var ofAll = actor.Member.Obstacle(room, Rights.RevokeInvites) is null;
        var keys = await InvitationRow.Keys(
            database, roomID, ofAll ? null : (actor.Member.SeatIn(room!)!.SeatID, actor.AgentID is null ? actor.PrincipalID : Guid.Empty),
            cursor.After, Paging.MaxRows + 1, context.RequestAborted);
        var (page, next) = Paging.Fit(
            [.. keys.Select(row => new JoinKeyView(
                row.InvitationID, row.Label is { } label ? JsonElement.Parse(label).GetProperty("label").GetString() : null,
                StateOf(row, now), row.Scopes ?? [], row.NeedsApproval, row.CreatedAt, row.ExpiresAt, row.AcceptedAt, row.AcceptedAgentID,
                row.SeatID))],
            joinKey => joinKey.JoinKeyID);
        return Results.Json(new JoinKeyList(page, next), WireJson.Options);
    }

    /// <summary>Why somebody cannot see keys; null for who may make some, or take back those of others. Affordances ask this too.</summary>
    internal static Refusal? ListObstacle(Room? room, Member member) =>
        member.Obstacle(room, Rights.RevokeInvites) is null ? null : MintInvitation.Obstacle(room, member);

    // The same line for a retry of the mint. Whoever has the join key alone cannot tell the line's Idempotency-Key, and so not ask for the
    // token of who used it.
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
