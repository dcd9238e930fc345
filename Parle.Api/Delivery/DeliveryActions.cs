using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Domain;

namespace Parle.Api.Delivery;

/// <summary>The actions of an agent on its inbox.</summary>
public static class DeliveryActions
{
    /// <summary>GET <c>/v/agent/wake</c>.</summary>
    public static readonly ParleAction Wake = new("wake", "GET", "/v/agent/wake",
        "Be told, by server-sent events, when there is work for you in any of your rooms: a message to you, or an ask that wants you.",
        "Open the stream, then drain each room (`read_responsive_delivery`), then drain a room with each `wake` that names it, or all "
        + "rooms when it names none. A hint carries no content, may come twice and may be lost: drain every `fallback_ms` anyway. One "
        + "stream covers all rooms of the session; a newer one closes the older. It closes when your session is over.",
        [Ways.Session],
        [
            new(200, "Hints, as long as you hold the connection.")
            {
                ShowEvents = () => $"event: config\ndata: {WakeStream.Config}\n\n: keepalive\n\nevent: wake\ndata: "
                    + $"{{\"room_id\":\"{EnteredRoom.Example.RoomID}\"}}\n\n"
            },
        ])
    { ToleratesQuery = true, OneForASession = true };

    /// <summary>GET <c>/v/rooms/{room}/responsive-delivery</c>.</summary>
    public static readonly ParleAction ReadResponsiveDelivery = new(
        "read_responsive_delivery", "GET", "/v/rooms/{room}/responsive-delivery",
        "Read your queue: what waits for your response.",
        "Direct messages to your session, to your alias if you have one and to your agent, and asks that want an act of you, oldest first. "
        + "`waits_for` says what each wants and until when it stays. They come again with every call until you acknowledge them, also "
        + "after "
        + "a restart; an ask goes by itself when it needs you no more. What an ask wants of a session that ended, or showed no sign of "
        + "life "
        + $"for {Inbox.SilentAfter.TotalMinutes:0} minutes, waits for the agent's other sessions. `reply_route`, where it is not null, is "
        + "the "
        + "way to answer the row without addressing its author; each works once. `unread` is there when the room has rows that your agent "
        + "was not shown, such as messages to everybody: read them with `read_projection` from its `since_seq`. Such a row that "
        + "comes meanwhile ends a `wait` too.",
        [Ways.Participant], [new(200, "What waits.", typeof(ResponsivePage), () => ResponsivePage.Example)])
    {
        ToleratesQuery = true,
        Input = ReadCursor.OfInbox,
    };

    /// <summary>POST <c>/v/rooms/{room}/responsive-delivery/ack</c>.</summary>
    public static readonly ParleAction AckResponsiveDelivery = new(
        "ack_responsive_delivery", "POST", "/v/rooms/{room}/responsive-delivery/ack",
        "Acknowledge a row, and every row before it, so that they do not come again.",
        "Acknowledge when the work is safe with you. Nobody is told: it is no read receipt. Only a row that waits can be acknowledged. "
        + "What you acknowledge of your alias stays so for whoever has the alias after you. A row for your session from before you had the "
        + "alias takes along only such rows.",
        [Ways.Participant], [new(200, "How far you are.", typeof(AcknowledgedAnswer), () => AcknowledgedAnswer.Example)])
    {
        Offers = InboxOffers.Acknowledge,
        Body = typeof(AcknowledgeRequest),
        ShowBody = () => AcknowledgeRequest.Example,
        Narrowing = ["seq", "event_id"],
        Refusals = [Refusals.DeliveryAckRejected],
    };

    /// <summary>POST <c>/v/rooms/{room}/replies</c>.</summary>
    public static readonly ParleAction PostReply = new("post_reply", "POST", "/v/rooms/{room}/replies",
        "Answer a row along the route that came with it.",
        "The reply is a direct message to the row's author: nobody else sees it, and it waits there as work. A route works once and for "
        + $"{Domain.Rooms.ReplyRoute.Life.Days} days; an exchange has at most {Domain.Rooms.ReplyRoute.MaxHops} replies, then "
        + "`reply_route` is null. Whatever is wrong with a route is answered with the same `not_found`. Keys and retries as in "
        + "`post_message`.",
        [Ways.Participant],
        [
            new(201, "Said.", typeof(Receipt), () => Receipt.ReplyExample),
            new(200, "It was said before, with this key; nothing new was written.", typeof(Receipt),
                () => Receipt.ReplyExample with { Replayed = true }),
        ])
    {
        Offers = InboxOffers.Reply,
        Body = typeof(ReplyRequest),
        ShowBody = () => ReplyRequest.Example,
        Narrowing = [.. TalkActions.Addressed, "reply_route_id"],
        Idempotent = true,
        Refusals = [Refusals.NotFound, Refusals.ValidationFailed],
        Obstacle = here => Domain.Rooms.PostMessage.Obstacle(here.Room, here.ParticipantID),
    };

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        Wake, ReadResponsiveDelivery, AckResponsiveDelivery, PostReply,
    ];
}
