using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

/// <summary>Answers one message along the route that came with it.</summary>
/// <param name="MessageID">A fresh id: the fact's, and its content's.</param>
/// <param name="Author">The participant who answers.</param>
/// <param name="Content">What is said.</param>
/// <param name="Route">Where the route leads; null when the caller has no such route.</param>
public sealed record PostReply(Guid MessageID, Author Author, Content Content, OpenRoute? Route)
{
    /// <summary>How many turns there are before a pause.</summary>
    public RoomLimits Limits { get; init; } = RoomLimits.None;

    /// <summary>Decides. Whatever is wrong with a route, the answer is the same: it tells nothing about who wrote the message.</summary>
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

    // Who spoke under an alias is answered under it, whichever session has it now.
    private static Target? WhereTheAuthorIs(Room room, OpenRoute route, DateTimeOffset now) =>
        route.Alias is { } alias ? Addressee.Resolve(room, alias.Address, [alias], now)
        : room.Participants.GetValueOrDefault(route.AuthorID) is { } author && author.ExpiresAt > now ? new(
            author.Address, author.ParticipantID, author.SeatID, author.AgentSessionID)
        : null;
}

/// <summary>A route that the caller holds.</summary>
/// <param name="AuthorID">Who wrote the message that is answered.</param>
/// <param name="Alias">The alias under which it did; null for none.</param>
/// <param name="Link">Where the answer will stand in the exchange; null when the exchange is over.</param>
/// <param name="ExpiresAt">Until when the route can be used.</param>
public sealed record OpenRoute(Guid AuthorID, KnownAlias? Alias, ReplyLink? Link, DateTimeOffset ExpiresAt);
