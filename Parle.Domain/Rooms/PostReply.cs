using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

/// <summary>Answers one message along the route that came with it.</summary>
/// <param name="MessageID">A fresh id: the fact's, and its content's.</param>
/// <param name="Author">The participant that answers.</param>
/// <param name="Content">The reply.</param>
/// <param name="Route">The route's destination; null when the caller has no such route.</param>
public sealed record PostReply(Guid MessageID, Author Author, Content Content, OpenRoute? Route)
{
    /// <summary>The bounds on turns before a pause.</summary>
    public RoomLimits Limits { get; init; } = RoomLimits.None;

    /// <summary>Decides. One answer for all faults of a route, so that it tells nothing about the author of the message.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if (PostMessage.Obstacle(room, Author.ParticipantID) is { } refusal)
        {
            return refusal;
        }

        if (Route is not { Link: { } link } || Route.ExpiresAt <= now || WhereTheAuthorIs(room!, Route, now) is not { } target)
        {
            return Refusals.NotFound;
        }

        return room!.Conversation.Obstacle(room.Participants[Author.ParticipantID].SeatID, [target.SeatID], Limits, now) is { } pause
            ? pause
            : Decision.Record(
                new MessageSubmitted(MessageID, Author.ParticipantID, Content.Commitment, Addressing.To(target), Author.Alias, link),
                MessageID, Content);
    }

    // A message sent under an alias is answered to the alias, whichever session has it now.
    private static Target? WhereTheAuthorIs(Room room, OpenRoute route, DateTimeOffset now) =>
        route.Alias is { } alias ? Addressee.Resolve(room, alias.Address, [alias], now)
        : room.Participants.GetValueOrDefault(route.AuthorID) is { } author && author.ExpiresAt > now ? new(
            author.Address, author.ParticipantID, author.SeatID, author.AgentSessionID)
        : null;
}

/// <summary>A reply route that the caller holds.</summary>
/// <param name="AuthorID">The author of the message that is answered.</param>
/// <param name="Alias">The alias of that author; null for none.</param>
/// <param name="Link">The reply's place in the exchange; null when the exchange is over.</param>
/// <param name="ExpiresAt">The moment the route expires.</param>
public sealed record OpenRoute(Guid AuthorID, KnownAddress? Alias, ReplyLink? Link, DateTimeOffset ExpiresAt);
