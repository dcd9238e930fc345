using Npgsql;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Names;
using Parle.Domain.Rooms;

namespace Parle.Api.Invitations;

/// <summary>Invites those who can be named.</summary>
public static class MintInviteEndpoints
{
    /// <summary>A person, by handle or by e-mail.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.InvitePerson))]
    public static Task<IResult> Person(InvitePersonRequest body, Write write, InviteMint mint, HttpContext context) =>
        mint.Run(context, write, new(
            body.Target is ['@', .. var handle] ? new("principal", Handle: handle) : new("email", Email: body.Target ?? ""), "principal",
            OfferedRights: body.OfferedRights, History: body.History));

    /// <summary>A person or an agent.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.MintInvite))]
    public static Task<IResult> Any(MintInviteRequest body, Write write, InviteMint mint, HttpContext context) =>
        mint.Run(context, write, body);

    /// <summary>Takes one back.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.RevokeInvite))]
    public static Task<IResult> Revoke(Write write) => Revoke(write, "invite", isKey: false);

    /// <summary>Takes a join key back.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.RevokeJoinKey))]
    public static Task<IResult> RevokeKey(Write write) => Revoke(write, "join_key", isKey: true);

    private static async Task<IResult> Revoke(Write write, string parameter, bool isKey)
    {
        if (write.PathID(parameter) is not { } invitationID)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var revocation = new RevokeInvitation(write.Actor.Member, invitationID, isKey);
        return (await write.InRoom(write.SaysExactly(new { invitationID }), (room, _) => revocation.Decide(room),
            (_, fact) => new KeptInvitation(invitationID, fact.At))).NoContent();
    }
}

/// <summary>Finds out whom an invitation names, mints it, and answers.</summary>
public sealed class InviteMint(
    NpgsqlDataSource database, RoomStates states, Addresses addresses, InvitationMail mail, Locator locator, TimeProvider clock)
{
    /// <summary>Does it. A stranger to the room learns nothing, not even whether the target is there.</summary>
    public async Task<IResult> Run(HttpContext context, Write write, MintInviteRequest wanted)
    {
        if (write.RoomID is not { } roomID)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var actor = write.Actor;
        var room = (await states.Read([roomID], context.RequestAborted))[roomID].Room;
        var found = MintInvitation.Obstacle(room, actor.Member) is { } stranger ? (stranger, null)
            : Obstacle(wanted) is { } wrong ? (wrong, null) : await Find(wanted, context.RequestAborted);
        if (found.Refusal is { } refusal || found.Target is not { } target)
        {
            return new RefusalResult(found.Refusal ?? Refusals.ValidationFailed);
        }

        var life = target.Kind is InvitedKind.Email && wanted.TtlSeconds is null
            ? MintInvitation.LifeOfEmail : TimeSpan.FromSeconds(wanted.TtlSeconds ?? MintInvitation.Life.TotalSeconds);
        var byOwner = target.Kind is InvitedKind.Agent && wanted.AgentAdmission is not AgentAdmissionMode.Direct;
        IReadOnlyList<string> offered = [.. (wanted.OfferedRights ?? []).Distinct()];
        // A set: in one order whichever way it is said, now and when it is said again.
        IReadOnlyList<string> rights = [.. offered.Order(StringComparer.Ordinal)];
        var mint = new MintInvitation(actor.Member, new(
            Guid.CreateVersion7(), Guid.Empty, actor.PrincipalID, target.Kind, target.PrincipalID, target.AgentID, target.Identity, byOwner,
            rights, wanted.History ?? History.FromAdmission, clock.GetUtcNow() + life)
        { MinterTokens = actor.Tokens });
        var meaning = write.SaysExactly(
            new Said(target.Kind, target.PrincipalID, target.AgentID, target.Mailbox?.Text, offered, life,
                wanted.History ?? History.FromAdmission, byOwner),
            former: new
            {
                target.Kind,
                target.PrincipalID,
                target.AgentID,
                target.Identity,
                Rights = offered,
                wanted.TtlSeconds,
                wanted.History,
                byOwner
            });
        var written = await write.InRoom(meaning, mint.Decide,
            (_, fact) => new KeptInvitation(((InvitationMinted)fact.Data).InvitationID, ((InvitationMinted)fact.Data).ExpiresAt));
        return written.Answer((kept, replayed) =>
        {
            if (target.Kind is InvitedKind.Email)
            {
                // Also when it was minted before: perhaps the node died before the mail went out.
                mail.Send(target.Mailbox!, target.Identity!, actor, kept.InvitationID);
                return Results.Json(MailAccepted.Always, WireJson.Options, statusCode: StatusCodes.Status202Accepted);
            }

            return Results.Json(
                new MintedInvite(
                    kept.InvitationID, roomID, target.AgentID is null ? "principal" : "agent", target.PrincipalID!.Value, target.AgentID,
                    target.AgentID is null ? null : byOwner ? AgentAdmissionMode.OwnerApproval : AgentAdmissionMode.Direct, rights,
                    target.Display!, Locator.Of(locator.BaseFor(context.Request), kept.InvitationID), kept.ExpiresAt, replayed),
                WireJson.Options, statusCode: replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created);
        });
    }

    private static Refusal? Obstacle(MintInviteRequest wanted) => wanted switch
    {
        { ClaimMode: "capability" } or { Target.Kind: "unbound" } =>
            Refusals.InviteCapabilityRetired with { Unlock = $"Make a join key instead ({InvitationActions.MintJoinKey.Id})." },
        { ClaimMode: not (null or "target_session") } => Refusals.ValidationFailed.Because("claim_mode must be target_session."),
        { SeatType: not (null or "principal" or "agent") } => Refusals.ValidationFailed.Because("seat_type must be principal or agent."),
        { Target: null } => Refusals.ValidationFailed.Because("target says whom you invite."),
        { SeatType: { } seat, Target.Kind: "principal" or "agent" or "email" } when (seat is "agent") != (wanted.Target.Kind is "agent") =>
            Refusals.ValidationFailed.Because("seat_type must be what the target has."),
        { AgentAdmission: not null, Target.Kind: not "agent" } => Refusals.ValidationFailed.Because("agent_admission is for an agent."),
        { Target: { Kind: "principal" } person } when person.Handle is null == person.PrincipalID is null =>
            Refusals.ValidationFailed.Because("A principal has either a handle or a principal_id."),
        { Target: { Kind: "agent" } agent } when agent.Agent is null == agent.AgentID is null =>
            Refusals.ValidationFailed.Because("An agent has either its address, agent, or an agent_id."),
        { TtlSeconds: < 1 } => Refusals.ValidationFailed.Because("ttl_seconds must be 1 or more."),
        _ => null,
    };

    private async Task<(Refusal? Refusal, Target? Target)> Find(MintInviteRequest wanted, CancellationToken cancellation)
    {
        switch (wanted.Target!)
        {
            case { Kind: "email", Email: var typed }:
                return EmailAddress.Parse(typed) is not { } address
                    ? (Refusals.ValidationFailed.Because("The target must be @handle or an e-mail address."), null)
                    : !mail.CanSend ? (Refusals.MailNotConfigured, null)
                    : (null, new(InvitedKind.Email, null, null, null, addresses.HashOf(address), address));
            case { Kind: "principal" } person:
                return await Find(
                    "select p.principal_id, null::uuid, p.handle, p.display_name, null from parle.principals p where p.handle = $1 or "
                    + "p.principal_id = $2",
                    cancellation, person.Handle ?? "", person.PrincipalID ?? Guid.Empty);
            case { Kind: "agent" } agent:
                var named = Address.Parse(agent.Agent) is { Session: null } parsed ? parsed : null;
                return await Find(
                    """
                    select p.principal_id, a.agent_id, p.handle, p.display_name, a.handle from parle.agents a join parle.principals p using (principal_id)
                    where a.deleted_at is null and ((p.handle = $1 and a.handle = $2) or a.agent_id = $3)
                    """,
                    cancellation, named?.Principal ?? "", named?.Agent ?? "", agent.AgentID ?? Guid.Empty);
            default:
                return (Refusals.ValidationFailed.Because("target.kind must be principal, agent or email."), null);
        }
    }

    private async Task<(Refusal? Refusal, Target? Target)> Find(
        string sql, CancellationToken cancellation, params IReadOnlyList<object> parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation))
        {
            return (Refusals.ValidationFailed.Because("There is nobody of that name."), null);
        }

        Guid? agentID = rows.IsDBNull(1) ? null : rows.GetGuid(1);
        return (null, new(
            agentID is null ? InvitedKind.Principal : InvitedKind.Agent, rows.GetGuid(0), agentID,
            new(rows.GetString(2), rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4)), null, null));
    }

    private sealed record Said(
        InvitedKind Kind, Guid? PrincipalID, Guid? AgentID, string? Mailbox, [property: Unordered] IReadOnlyList<string> Rights,
        TimeSpan Life, History History, bool ByOwner);

    private sealed record Target(
        InvitedKind Kind, Guid? PrincipalID, Guid? AgentID, TargetDisplay? Display, string? Identity, EmailAddress? Mailbox);
}
