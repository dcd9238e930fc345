using Npgsql;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Names;
using Parle.Domain.Rooms;
using Parle.Projections.Invitations;

namespace Parle.Api.Invitations;

/// <summary>Invites a person or an agent by name, and revokes invitations.</summary>
public static class MintInviteEndpoints
{
    /// <summary>Invites a person, by handle or by e-mail.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.InvitePerson))]
    public static Task<IResult> Person(
        Guid room, InvitePersonRequest body, Write write, RequestUrl url, InviteMint mint, CancellationToken cancellation) =>
        mint.Run(room, write, url, new(
            body.Target is ['@', .. var handle] ? new("principal", Handle: handle) : new("email", Email: body.Target ?? ""), "principal",
            OfferedRights: body.OfferedRights, History: body.History), cancellation);

    /// <summary>Invites a person or an agent.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.MintInvite))]
    public static Task<IResult> Any(
        Guid room, MintInviteRequest body, Write write, RequestUrl url, InviteMint mint, CancellationToken cancellation) =>
        mint.Run(room, write, url, body, cancellation);

    /// <summary>Revokes an invitation.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.RevokeInvite))]
    public static Task<IResult> Revoke(Guid room, Guid invite, Write write) => Revoke(write, room, invite, isKey: false);

    /// <summary>Revokes a join key.</summary>
    [Serves(typeof(InvitationActions), nameof(InvitationActions.RevokeJoinKey))]
    public static Task<IResult> RevokeKey(Guid room, Guid joinKey, Write write) => Revoke(write, room, joinKey, isKey: true);

    private static async Task<IResult> Revoke(Write write, Guid room, Guid invitationID, bool isKey)
    {
        if (invitationID == Guid.Empty)
        {
            return new RefusalResult(Refusals.NoSuchThing);
        }

        var revocation = new RevokeInvitation(write.Actor.Member, invitationID, isKey);
        return (await write.InRoom(room, write.SaysExactly(new { invitationID }), (state, _) => revocation.Decide(state),
            (_, fact) => new KeptInvitation(invitationID, fact.At))).NoContent();
    }
}

/// <summary>Finds the invitee, mints its invitation, and answers.</summary>
public sealed class InviteMint(
    NpgsqlDataSource database, RoomStates states, Addresses addresses, InvitationMail mail, TimeProvider clock)
{
    /// <summary>Mints an invitation. A stranger to the room learns nothing, not even whether the invitee exists.</summary>
    public async Task<IResult> Run(Guid room, Write write, RequestUrl url, MintInviteRequest wanted, CancellationToken cancellation)
    {
        var actor = write.Actor;
        var state = (await states.Read([room], cancellation))[room].Room;
        var found = MintInvitation.Obstacle(state, actor.Member) is { } stranger ? (stranger, null)
            : Obstacle(wanted) is { } wrong ? (wrong, null) : await Find(wanted, cancellation);
        if (found.Refusal is { } refusal || found.Target is not { } target)
        {
            return new RefusalResult(found.Refusal ?? Refusals.ValidationFailed);
        }

        var life = target.Kind is InvitedKind.Email && wanted.TtlSeconds is null
            ? MintInvitation.LifeOfEmail : TimeSpan.FromSeconds(wanted.TtlSeconds ?? MintInvitation.Life.TotalSeconds);
        var byOwner = target.Kind is InvitedKind.Agent && wanted.AgentAdmission is not AgentAdmissionMode.Direct;
        IReadOnlyList<string> offered = [.. (wanted.OfferedRights ?? []).Distinct()];
        // A set: sorted, so that every order of the same rights means the same.
        IReadOnlyList<string> rights = [.. offered.Order(StringComparer.Ordinal)];
        var mint = new MintInvitation(actor.Member, new(
            Guid.CreateVersion7(), Guid.Empty, actor.PrincipalID, target.Kind, target.PrincipalID, target.AgentID, target.Identity, byOwner,
            rights, wanted.History ?? History.FromAdmission, clock.GetUtcNow() + life)
        { MinterTokens = actor.Tokens });
        var meaning = write.SaysExactly(
            new InvitationMeaning(target.Kind, target.PrincipalID, target.AgentID, target.Mailbox?.Text, offered, life,
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
        var written = await write.InRoom(room, meaning, mint.Decide,
            (_, fact) => new KeptInvitation(((InvitationMinted)fact.Data).InvitationID, ((InvitationMinted)fact.Data).ExpiresAt));
        return written.Answer((kept, replayed) =>
        {
            if (target.Kind is InvitedKind.Email)
            {
                // Sent for a retry too: the node may have died before the mail went out.
                mail.Send(target.Mailbox!, target.Identity!, actor, kept.InvitationID);
                return Results.Json(MailAccepted.Always, WireJson.Options, statusCode: StatusCodes.Status202Accepted);
            }

            return Results.Json(
                new MintedInvite(
                    kept.InvitationID, room, target.AgentID is null ? "principal" : "agent", target.PrincipalID!.Value, target.AgentID,
                    target.AgentID is null ? null : byOwner ? AgentAdmissionMode.OwnerApproval : AgentAdmissionMode.Direct, rights,
                    target.Display!, PublicUrl.OfInvitation(url.Text, kept.InvitationID), kept.ExpiresAt, replayed),
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
                return Named(await Invitees.Principal(database, person.Handle, person.PrincipalID, cancellation));
            case { Kind: "agent" } agent:
                var named = Address.Parse(agent.Agent) is { Session: null } parsed ? parsed : null;
                return Named(await Invitees.Agent(database, named?.Principal, named?.Agent, agent.AgentID, cancellation));
            default:
                return (Refusals.ValidationFailed.Because("target.kind must be principal, agent or email."), null);
        }
    }

    private static (Refusal? Refusal, Target? Target) Named(Invitee? invitee) => invitee is null
        ? (Refusals.ValidationFailed.Because("There is nobody of that name."), null)
        : (null, new(
            invitee.AgentID is null ? InvitedKind.Principal : InvitedKind.Agent, invitee.PrincipalID, invitee.AgentID,
            new(invitee.Handle, invitee.DisplayName, invitee.AgentHandle), null, null));

    private sealed record InvitationMeaning(
        InvitedKind Kind, Guid? PrincipalID, Guid? AgentID, string? Mailbox, [property: Unordered] IReadOnlyList<string> Rights,
        TimeSpan Life, History History, bool ByOwner);

    private sealed record Target(
        InvitedKind Kind, Guid? PrincipalID, Guid? AgentID, TargetDisplay? Display, string? Identity, EmailAddress? Mailbox);
}
