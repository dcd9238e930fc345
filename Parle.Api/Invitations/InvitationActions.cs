using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Domain;
using Parle.Domain.Invitations;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;

namespace Parle.Api.Invitations;

/// <summary>The actions that let people and agents into rooms of others: invitations by name, and join keys.</summary>
public static class InvitationActions
{
    /// <summary>POST <c>/v/rooms/{room}/invites/person</c>.</summary>
    public static readonly ParleAction InvitePerson = new("invite_person", "POST", "/v/rooms/{room}/invites/person",
        "Invite a person by handle or by e-mail.",
        "A handle's answer holds `invitation_url`: send it to the person, it is no secret. An e-mail address gets the same answer whatever "
        + "it is, and the link goes out by mail alone; it is good for 30 days, for whoever signs in with that address.",
        [Ways.Person],
        [
            new(201, "Invited.", typeof(MintedInvite), () => MintedInvite.Example),
            new(200, "It was minted before, with this key.", typeof(MintedInvite), () => MintedInvite.Example with { Replayed = true }),
            new(202, "By e-mail, always.", typeof(MailAccepted), () => MailAccepted.Always),
        ])
    {
        Body = typeof(InvitePersonRequest),
        ShowBody = () => InvitePersonRequest.Example,
        Idempotent = true,
        Obstacle = here => MintInvitation.Obstacle(here.Room, here.Member),
        Offers = here => here.Room.Kind is RoomKind.Shared ? [ActionOffer.Usual] : [],
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden, Refusals.AlreadyMember, Refusals.ValidationFailed, Refusals.MailNotConfigured,
            Refusals.ResourceLimitExceeded],
    };

    /// <summary>POST <c>/v/rooms/{room}/invites</c>.</summary>
    public static readonly ParleAction MintInvite = new("mint_invite", "POST", "/v/rooms/{room}/invites",
        "Invite a person or an agent.",
        "It takes a seat in the room, and the room or the right `invite_members`. An invitation for an agent is taken up by the agent, "
        + "with a token that is bound to the invitation, or by its principal. It is void as soon as you may not invite any more. Rights "
        + "and what was there before are the owner's to offer, in person.",
        [Ways.Person, Ways.AgentWith(Scopes.InviteMint)],
        [
            new(201, "Invited.", typeof(MintedInvite), () => MintedInvite.ExampleOfAgent),
            new(200, "It was minted before, with this key.", typeof(MintedInvite),
                () => MintedInvite.ExampleOfAgent with { Replayed = true }),
            new(202, "By e-mail, always.", typeof(MailAccepted), () => MailAccepted.Always),
        ])
    {
        Body = typeof(MintInviteRequest),
        ShowBody = () => MintInviteRequest.Example,
        TakesKey = true,
        Obstacle = here => MintInvitation.Obstacle(here.Room, here.Member),
        Offers = here =>
        [
            .. OfOthers(here),
            .. here.Part<RoomManagement>().OwnAgents.Where(agent => here.Room.SeatOf(agent) is null)
                .Select(agent => new ActionOffer(new MintInviteRequest(new InviteTarget("agent", AgentID: agent)))),
        ],
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden, Refusals.AlreadyMember, Refusals.InviteCapabilityRetired,
            Refusals.ValidationFailed, Refusals.MailNotConfigured, Refusals.ResourceLimitExceeded],
    };

    /// <summary>DELETE <c>/v/rooms/{room}/invites/{invite}</c>.</summary>
    public static readonly ParleAction RevokeInvite = new("revoke_invite", "DELETE", "/v/rooms/{room}/invites/{invite}",
        "Take an invitation back.",
        "Yours; or anybody's, when the room is yours or you have the right `revoke_invites`. Whatever stands in the way is answered with "
        + "the same `not_found`.",
        [Ways.Person, Ways.AgentWith(Scopes.InviteMint)], [new(204, "Taken back.")])
    {
        TakesKey = true,
        Offers = here => Revocable(here, keys: false).Select(id => new ActionOffer(null, ("invite", id.ToString()))),
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>GET <c>/v/room-invitations/{invitation}</c>.</summary>
    public static readonly ParleAction PreviewInvitation = new("preview_invitation", "GET", "/v/room-invitations/{invitation}",
        "Look at an invitation of yours.",
        "Only whom it names sees it; for everybody else there is none.",
        [Ways.Person, Ways.Token], [new(200, "The invitation.", typeof(InvitationPreview), () => InvitationPreview.Example)])
    {
        ToleratesQuery = true,
        Offers = _ => [], // A participant has used its invitation already.
        CallerObstacle = caller => caller.Scopes.Contains(Scopes.ClaimInvite) ? null : Refusals.MissingScope(Scopes.ClaimInvite),
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>POST <c>/v/room-invitations/{invitation}/accept</c>.</summary>
    public static readonly ParleAction AcceptInvitation = new("accept_invitation", "POST", "/v/room-invitations/{invitation}/accept",
        "Take up an invitation of yours.",
        "A person is seated alone; its agents are seated and given tokens afterwards. An agent sends the token that was minted for the "
        + "invitation: that token opens the room from then on. Accepting again answers the same.",
        [Ways.Person, Ways.Token],
        [
            new(201, "Seated.", typeof(Seated), () => Seated.Example),
            new(200, "You were seated before.", typeof(Seated), () => Seated.Example),
            new(202, "Your principal has to agree first.", typeof(WaitingGuest), () => WaitingGuest.Example),
        ])
    {
        Offers = _ => [], // A participant has used its invitation already.
        Body = typeof(AcceptRequest),
        ShowBody = () => AcceptRequest.Example,
        CallerObstacle = caller => caller.Scopes.Contains(Scopes.ClaimInvite) ? null : Refusals.MissingScope(Scopes.ClaimInvite),
        Refusals = [Refusals.NoSuchThing, Refusals.AlreadyMember, Refusals.ValidationFailed, Refusals.ResourceLimitExceeded],
    };

    /// <summary>POST <c>/v/claim/agent</c>.</summary>
    public static readonly ParleAction ClaimAgent = new("claim_agent", "POST", "/v/claim/agent",
        "Retired: claims with a secret and a code.",
        "Always refused. A join key does the same in one call: `join`.",
        [Ways.Token], [new(201, "Never.")])
    {
        IsRetired = true,
        CallerObstacle = _ => Refusals.InviteCapabilityRetired,
        Refusals = [Refusals.InviteCapabilityRetired],
    };

    /// <summary>GET <c>/v/agent-admissions</c>.</summary>
    public static readonly ParleAction ListAdmissions = new("list_admissions", "GET", "/v/agent-admissions",
        "List who waits for you to let it in.",
        "Agents of yours that were invited; whoever uses a join key that you or an agent of yours made, or one to a room of yours.",
        [Ways.Person], [new(200, "A page of those who wait.", typeof(AdmissionList), () => AdmissionList.Example)])
    {
        Input = PageCursor.FromFirst,
    };

    /// <summary>POST <c>/v/agent-admissions/{admission}</c>.</summary>
    public static readonly ParleAction DecideAdmission = new("decide_admission", "POST", "/v/agent-admissions/{admission}",
        "Let somebody in who waits, or not.",
        "For those who are answerable for it, in person: who made the join key, or whose agent did; the room's owner; the principal of an "
        + "agent that was invited. That you may invite others is not enough, and what is not yours to decide is not found. A denied "
        + "invitation or key is over.",
        [Ways.Person], [new(200, "Decided.", typeof(DecidedAdmission), () => DecidedAdmission.Example)])
    {
        Body = typeof(DecideAdmissionRequest),
        ShowBody = () => DecideAdmissionRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.NoSuchThing, Refusals.AlreadyMember, Refusals.ValidationFailed, Refusals.ResourceLimitExceeded],
    };

    /// <summary>POST <c>/v/rooms/{room}/join-keys</c>.</summary>
    public static readonly ParleAction MintJoinKey = new("mint_join_key", "POST", "/v/rooms/{room}/join-keys",
        "Make a key with which one agent joins the room in one call.",
        "Hand `next.curl` over, to anybody: it works once, until it expires or you take it back (`revoke_join_key`). Whoever joins with it "
        + "without credentials of its own becomes an agent of **yours**: it acts for you, and you vouch for it. It is a **guest**: it "
        + "takes part, and neither manages anything nor decides an approval as you, whatever the scopes. With `approval` it waits until "
        + "you, or the room's owner, agree (`list_admissions`). The key is void as soon as you may not invite any more. One that an agent "
        + "made ends with that agent's token, and so does the token that it brought.",
        [Ways.Person, Ways.AgentWith(Scopes.InviteMint)],
        [
            new(201, "The key, shown again only to this `Idempotency-Key`.", typeof(MintedJoinKey), () => MintedJoinKey.Example),
            new(200, "It was made before, with this `Idempotency-Key`.", typeof(MintedJoinKey),
                () => MintedJoinKey.Example with { Replayed = true }),
        ])
    {
        Body = typeof(MintJoinKeyRequest),
        ShowBody = () => MintJoinKeyRequest.Example,
        TakesKey = true,
        Obstacle = here => MintInvitation.Obstacle(here.Room, here.Member),
        // Nobody hands over more than it has.
        CallerObstacle = caller => caller.Scopes.Contains(Scopes.Participate) ? null : Refusals.MissingScope(Scopes.Participate),
        Refusals =
            [Refusals.NoSuchThing, Refusals.Forbidden, Refusals.ValidationFailed, Refusals.ResourceLimitExceeded, Refusals.SecretGone],
    };

    /// <summary>GET <c>/v/rooms/{room}/join-keys</c>.</summary>
    public static readonly ParleAction ListJoinKeys = new("list_join_keys", "GET", "/v/rooms/{room}/join-keys",
        "List the room's join keys.",
        "Newest first, used and expired ones among them; never the keys themselves. The room's owner, and who has the right "
        + "`revoke_invites`, sees all; others see those that they made.",
        [Ways.Person, Ways.AgentWith(Scopes.InviteMint)], [new(200, "A page of keys.", typeof(JoinKeyList), () => JoinKeyList.Example)])
    {
        Input = PageCursor.FromNewest,
        Obstacle = here => JoinKeyEndpoints.ListObstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden],
    };

    /// <summary>DELETE <c>/v/rooms/{room}/join-keys/{join_key}</c>.</summary>
    public static readonly ParleAction RevokeJoinKey = new("revoke_join_key", "DELETE", "/v/rooms/{room}/join-keys/{join_key}",
        "Take a join key back that nobody used.",
        "As `revoke_invite`.",
        [Ways.Person, Ways.AgentWith(Scopes.InviteMint)], [new(204, "It opens nothing any more.")])
    {
        TakesKey = true,
        Offers = here => Revocable(here, keys: true).Select(id => new ActionOffer(null, ("join_key", id.ToString()))),
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>POST <c>/v/join</c>.</summary>
    public static readonly ParleAction Join = new("join", "POST", "/v/join",
        "Join a room with a join key: seat, token and next steps in one call.",
        "Without credentials you become a new agent of whoever made the key, and act for it as its guest: you take part, and neither "
        + $"manage nor decide anything as it. With an agent token (scope `{Scopes.ClaimInvite}`) its agent joins. With a person's session "
        + "one of the person's agents does: `agent_handle`, made when there is none of that name. Send an `Idempotency-Key` to be answered "
        + "the same, with the same token, when you send it again; whoever sends another one is refused. That holds for a day, and while "
        + "the token is good. 202 means that the host has to agree: send the same again, with the `idempotency_key` of the answer. A key "
        + "that is wrong, used, expired or taken back is refused in one way.",
        [Ways.Recognised],
        [
            new(201, "You are in. Keep the token; then follow `next`.", typeof(JoinedRoom), () => JoinedRoom.Example),
            new(200, "You joined before, with this `Idempotency-Key`.", typeof(JoinedRoom),
                () => JoinedRoom.Example with { Replayed = true }),
            new(202, "Whoever made the key, or the room's owner, has to agree first.", typeof(WaitingJoin), () => WaitingJoin.Example),
        ])
    {
        Body = typeof(JoinRequest),
        ShowBody = () => JoinRequest.Example,
        TakesKey = true,
        Refusals =
        [
            Refusals.InvalidJoinKey, Refusals.SecretGone, Refusals.InvalidAgentToken, Refusals.Unauthenticated, Refusals.Forbidden,
            Refusals.AlreadyMember, Refusals.HandleUnavailable, Refusals.ValidationFailed, Refusals.TokenQuotaExceeded,
            Refusals.ResourceLimitExceeded, Refusals.RateLimited,
        ],
    };

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("invite", $"The invitation's `invite_id`, as `{MintInvite.Id}` answered it.", MintedInvite.Example.InviteID.ToString(), "uuid"),
        new("invitation", "The last part of the `invitation_url` that you were sent.", MintedInvite.Example.InviteID.ToString(), "uuid"),
        new("admission", $"The `admission_id`, from `{ListAdmissions.Id}`.", AdmissionView.Example.AdmissionID.ToString(), "uuid"),
        new("join_key", $"The key's `join_key_id`, from `{ListJoinKeys.Id}`.", JoinKeyView.Example.JoinKeyID.ToString(), "uuid"),
    ];

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        Join, MintJoinKey, ListJoinKeys, RevokeJoinKey, ListAdmissions, DecideAdmission,
        InvitePerson, MintInvite, RevokeInvite, PreviewInvitation, AcceptInvitation, ClaimAgent,
    ];

    // Whether anybody is known by a name, a reader of affordances is not told.
    private static IEnumerable<ActionOffer> OfOthers(Standing here) => here.Room.Kind is not RoomKind.Shared ? [] :
    [
        .. here.Part<MailAvailability>().CanSend ? (ActionOffer[])[Invite("email", "email")] : [],
        Invite("principal", "handle"),
        Invite("agent", "agent"),
    ];

    private static ActionOffer Invite(string kind, string member) =>
        new(new MintInviteRequest(new InviteTarget(kind))) { Needs = [$"target.{member}"] };

    private static IEnumerable<Guid> Revocable(Standing here, bool keys) => here.Room.Invitations.Values
        .Where(one => (one.Terms.Kind is InvitedKind.Key) == keys
            && RevokeInvitation.Obstacle(here.Room, here.Member, one.Terms.InvitationID) is null).Select(one => one.Terms.InvitationID)
        .Order();
}
