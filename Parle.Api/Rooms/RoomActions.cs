using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Domain.Tokens;

namespace Parle.Api.Rooms;

/// <summary>The actions of people, and of agents with the scope, on rooms and their seats.</summary>
public static class RoomActions
{
    /// <summary>GET <c>/v/rooms</c>.</summary>
    public static readonly ParleAction ListRooms = new("list_rooms", "GET", "/v/rooms",
        "List the rooms in which you have a seat.",
        "Oldest first, without those that are archived. When `next` is a string, pass it back as `after` for the following page.",
        [Ways.Person], [new(200, "A page of rooms.", typeof(RoomList), () => RoomList.Example)])
    {
        ToleratesQuery = true,
        Input = PageCursor.FromFirst,
    };

    /// <summary>POST <c>/v/rooms</c>.</summary>
    public static readonly ParleAction CreateRoom = new("create_room", "POST", "/v/rooms",
        "Open a room.",
        "You are its owner, and have a seat in it. A private room is for you and your own agents; into a shared one you can invite others. "
        + "An agent opens rooms for its principal.",
        [Ways.Person, Ways.AgentWith(Scopes.CreateRoom)], [new(201, "It is open.", typeof(CreatedRoom), () => CreatedRoom.Example)])
    {
        Obstacle = here => here.Part<RoomQuota>().Obstacle,
        CallerObstacle = caller => caller.BoundedUses.Count > 0 ? Refusals.NotInToken : null, // Uses are counted in one room.
        Offers = _ => [new(Body: null) { Needs = ["kind", "room_handle"] }],
        Body = typeof(CreateRoomRequest),
        ShowBody = () => CreateRoomRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.HandleUnavailable, Refusals.ValidationFailed, Refusals.ResourceLimitExceeded],
    };

    /// <summary>GET <c>/v/rooms/{room}</c>.</summary>
    public static readonly ParleAction ReadRoom = new("room.details", "GET", "/v/rooms/{room}",
        "Learn who has a seat in a room, and what you may do there.",
        "Nothing of what was said. `version.watermark` is how far your own view goes. `roster` has everybody with a seat: its address, for "
        + "an agent how many sessions of it live and when one last called, and who vouched for whom. `caller.guest` says that you are a "
        + "guest.",
        [Ways.Participant, Ways.Person], [new(200, "The room.", typeof(RoomDetails), () => RoomDetails.Example)])
    {
        ToleratesQuery = true,
        Refusals = [Refusals.NoSuchThing],
        Obstacle = here => here.Member.SeatObstacle(here.Room),
    };

    /// <summary>DELETE <c>/v/rooms/{room}</c>.</summary>
    public static readonly ParleAction ArchiveRoom = new("archive_room", "DELETE", "/v/rooms/{room}",
        "Close a room for good.",
        "Only its owner can. All seats and tokens of the room end, and what is held open closes. Its handle is free again; what happened "
        + "in it stays on the record.",
        [Ways.Person], [new(204, "It is closed.")])
    {
        TakesKey = true,
        Refusals = [Refusals.Forbidden, Refusals.NoSuchThing],
        Obstacle = here => Domain.Rooms.ArchiveRoom.Obstacle(here.Room, here.Member),
    };

    /// <summary>POST <c>/v/rooms/{room}/seats</c>.</summary>
    public static readonly ParleAction SeatAgent = new("seat_agent", "POST", "/v/rooms/{room}/seats",
        "Give an agent of your own a seat.",
        "You need a seat yourself. The agent then needs a token for the room. Its view begins with its admission.",
        [Ways.Person, Ways.AgentWith(Scopes.RoomManage)], [new(201, "It has a seat.", typeof(SeatedAgent), () => SeatedAgent.Example)])
    {
        Body = typeof(SeatAgentRequest),
        ShowBody = () => SeatAgentRequest.Example,
        TakesKey = true,
        Refusals =
            [Refusals.Forbidden, Refusals.NoSuchThing, Refusals.AlreadyMember, Refusals.ValidationFailed, Refusals.ResourceLimitExceeded],
        Obstacle = here => Domain.Rooms.SeatAgent.Obstacle(here.Room, here.Member),
        Offers = here =>
            here.Part<RoomManagement>().OwnAgents.Where(agent => here.Room.SeatOf(agent) is null)
                .Select(agent => new ActionOffer(new SeatAgentRequest(agent))),
    };

    /// <summary>POST <c>/v/rooms/{room}/seats/{seat}/remove</c>.</summary>
    public static readonly ParleAction RemoveSeat = new("remove_seat", "POST", "/v/rooms/{room}/seats/{seat}/remove",
        "Take a seat away.",
        "No body. Takes ownership or the right `remove_members`. With a person's seat go those of all its agents. Whoever loses a seat is "
        + "out at once; what it had claimed others can take, and what it asked is over. Your own seat and the owner's cannot be removed.",
        [Ways.Person, Ways.AgentWith(Scopes.RoomManage)], [new(204, "It is no more.")])
    {
        TakesKey = true,
        Refusals = [Refusals.Forbidden, Refusals.NoSuchThing, Refusals.ValidationFailed],
        Obstacle = here => Domain.Rooms.RemoveSeat.Obstacle(here.Room, here.Member),
        Offers = here => here.Room.Seats.Values.Where(seat => Domain.Rooms.RemoveSeat.Obstacle(here.Room, here.Member, seat) is null)
            .OrderBy(seat => seat.SeatID)
            .Select(seat => new ActionOffer(null, ("seat", seat.SeatID.ToString()))),
    };

    /// <summary>POST <c>/v/rooms/{room}/seats/{seat}/rights</c>.</summary>
    public static readonly ParleAction GrantRights = new("grant_rights", "POST", "/v/rooms/{room}/seats/{seat}/rights",
        "Let a seat do more than take part.",
        "Only the room's owner can. Send exactly one of `right_name` and `bundle`.",
        [Ways.Person],
        [
            new(201, "All of it is new.", typeof(GrantedRights), () => GrantedRights.Example),
            new(200, "Some of it, or all, it could do before.", typeof(GrantedRights),
                () => GrantedRights.Example with { Granted = [], AlreadyHeld = [Rights.InviteMembers] }),
        ])
    {
        Body = typeof(GrantRightsRequest),
        ShowBody = () => GrantRightsRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.Forbidden, Refusals.NoSuchThing, Refusals.ValidationFailed],
        Obstacle = here => Domain.Rooms.GrantRights.Obstacle(here.Room, here.Member),
        Offers = here =>
            from seat in here.Room.Seats.Values.OrderBy(seat => seat.SeatID)
            where Domain.Rooms.GrantRights.Obstacle(here.Room, seat) is null
            from right in Rights.All.Where(right => !seat.Has(right)).Take(1)
            select new ActionOffer(new GrantRightsRequest(right), ("seat", seat.SeatID.ToString())),
    };

    /// <summary>DELETE <c>/v/rooms/{room}/seats/{seat}/rights/{right}</c>.</summary>
    public static readonly ParleAction RevokeRight = new("revoke_right", "DELETE", "/v/rooms/{room}/seats/{seat}/rights/{right}",
        "Take a right back.",
        "Only the room's owner can. A right that the seat does not have stays so.",
        [Ways.Person], [new(204, "It does not have it.")])
    {
        TakesKey = true,
        Refusals = [Refusals.Forbidden, Refusals.NoSuchThing, Refusals.ValidationFailed],
        Obstacle = here => Domain.Rooms.GrantRights.Obstacle(here.Room, here.Member),
        Offers = here =>
            from seat in here.Room.Seats.Values.OrderBy(seat => seat.SeatID)
            from right in seat.Rights
            select new ActionOffer(null, ("seat", seat.SeatID.ToString()), ("right", right)),
    };

    /// <summary>GET <c>/v/rooms/{room}/participants</c>.</summary>
    public static readonly ParleAction ListParticipants = new("list_participants", "GET", "/v/rooms/{room}/participants",
        "See which sessions of agents are in a room.",
        "Those that live, oldest presence first, with their addresses. When there is a `next`, pass it back as `after` for the following "
        + "page.",
        [Ways.Person, Ways.Participant],
        [new(200, "Who is there.", typeof(ParticipantList), () => ParticipantList.Example)])
    {
        ToleratesQuery = true,
        Input = PageCursor.FromFirst,
        Refusals = [Refusals.NoSuchThing],
        Obstacle = here => here.Member.SeatObstacle(here.Room),
    };

    /// <summary>POST <c>/v/rooms/{room}/participants/{participant}/remove</c>.</summary>
    public static readonly ParleAction RemoveParticipant = new(
        "remove_participant", "POST", "/v/rooms/{room}/participants/{participant}/remove",
        "Send one session out of a room, for good.",
        "No body. Takes ownership or the right `remove_members`. Other sessions of the same agent stay, and it can start another one: to "
        + "keep the agent out, remove its seat.",
        [Ways.Person, Ways.AgentWith(Scopes.RoomManage)], [new(204, "It is out.")])
    {
        TakesKey = true,
        Refusals = [Refusals.Forbidden, Refusals.NoSuchThing, Refusals.ValidationFailed],
        Obstacle = here => Domain.Rooms.RemoveParticipant.Obstacle(here.Room, here.Member),
        Offers = here => here.Room.Participants.Values.Where(
            one => Domain.Rooms.RemoveParticipant.Obstacle(here.Room, here.Member, one) is null).OrderBy(one => one.ParticipantID)
            .Select(one => new ActionOffer(null, ("participant", one.ParticipantID.ToString()))),
    };

    /// <summary>POST <c>/v/rooms/{room}/redactions</c>.</summary>
    public static readonly ParleAction Redact = new("redact_content", "POST", "/v/rooms/{room}/redactions",
        "Take words away for good.",
        "An author can take its own words away; the room's owner, in person or by an agent whose token has the scope `room_manage`, "
        + "anybody's. They are erased everywhere, at once and for ever: rows show who did it and why in their place. That something was "
        + "said, and its digest, stay on the record. Whoever could read the words is told by a row.",
        [Ways.Participant, Ways.Person],
        [
            new(201, "They are gone.", typeof(RedactionReceipt), () => RedactionReceipt.Example),
            new(200, "They were gone before.", typeof(RedactionReceipt), () => RedactionReceipt.Example with { Replayed = true }),
        ])
    {
        Body = typeof(RedactRequest),
        ShowBody = () => RedactRequest.Example,
        Idempotent = true,
        Refusals = [Refusals.Forbidden, Refusals.NoSuchThing, Refusals.ValidationFailed],
        Obstacle = here => RedactContent.Obstacle(here.Room, here.Member),
        Offers = here =>
            here.Part<RoomManagement>().NewestContent is not null ? [new ActionOffer(Body: null) { Needs = ["event_id"] }] : [],
    };

    /// <summary>GET <c>/v/rooms/{room}/moderation</c>.</summary>
    public static readonly ParleAction ReadModeration = new("get_room_moderation", "GET", "/v/rooms/{room}/moderation",
        "Ask by which policy a room is moderated.",
        "`active` is null: nothing that is said here is held, changed or tagged.",
        [Ways.Participant, Ways.Person], [new(200, "The policy.", typeof(RoomModeration), () => RoomModeration.None)])
    {
        ToleratesQuery = true,
        Refusals = [Refusals.NoSuchThing],
        Obstacle = here => here.Member.SeatObstacle(here.Room),
    };

    /// <summary>GET <c>/v/rooms/{room}/moderation/history</c>.</summary>
    public static readonly ParleAction ReadModerationHistory = new(
        "get_room_moderation_history", "GET", "/v/rooms/{room}/moderation/history",
        "List the policies by which a room was moderated.",
        "Newest first.",
        [Ways.Participant, Ways.Person], [new(200, "All policies.", typeof(RoomModerationHistory), () => RoomModerationHistory.None)])
    {
        ToleratesQuery = true,
        Refusals = [Refusals.NoSuchThing],
        Obstacle = here => here.Member.SeatObstacle(here.Room),
    };

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        ListRooms, CreateRoom, ReadRoom, SeatAgent, RemoveSeat, GrantRights, RevokeRight, ListParticipants, RemoveParticipant, ArchiveRoom,
        Redact, ReadModeration, ReadModerationHistory,
    ];

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("seat", $"The seat's `seat_id`, from `{ReadRoom.Id}`.", SeatedAgent.Example.SeatID.ToString(), "uuid"),
        new("right", $"One of {string.Join(", ", Rights.All)}.", Rights.InviteMembers),
        new("participant", $"The presence's `participant_id`, from `{ListParticipants.Id}`.", EnteredRoom.Example.ParticipantID.ToString(),
            "uuid"),
    ];
}
