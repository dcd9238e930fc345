using Npgsql;
using Parle.Api.Registry;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Delivery;

/// <summary>The actions of an agent on its inbox in one room.</summary>
/// <param name="First">The first unacknowledged row; null for none.</param>
/// <param name="Route">An open reply route, and the presence it leads to; null for none.</param>
public sealed record InboxOffers(AcknowledgeRequest? First, (Guid RouteID, Guid AuthorID)? Route)
{
    private static readonly Refusal nothingWaits = Refusals.DeliveryAckRejected with
    { Reason = "nothing_waits", Unlock = "Nothing waits for you here. Drain again when you are woken." };

    private static readonly Refusal noRoute = Refusals.NotFound with
    { Reason = "no_reply_route", Unlock = "You have no reply route. A direct message to you brings one." };

    /// <summary>Finds it for one agent.</summary>
    public static async Task<InboxOffers> Find(NpgsqlDataSource database, Standing here, CancellationToken cancellation)
    {
        var inbox = await Inbox.Of(here.Agent, here.Room, database, here.Now, cancellation);
        var waiting = (await AttentionPage.Read(database, inbox.Work, cancellation)).Rows;
        var route = await AttentionPage.OpenRoute(database, here.Agent.Work, ReplyRoute.MaxHops, here.Now - ReplyRoute.Life, cancellation);
        return new(waiting is [var first, ..] ? new(first.Row.Seq, first.Row.EventID) : null, route);
    }

    /// <summary>An offer to acknowledge the first row.</summary>
    public static IEnumerable<ActionOffer> Acknowledge(Standing here) =>
        [here.Part<InboxOffers>().First is { } first ? new(first) : ActionOffer.Denied(nothingWaits)];

    /// <summary>
    /// An offer to reply along the route. The author may have left, and another session of its seat may hold its alias; a pause is the
    /// seat's.
    /// </summary>
    public static IEnumerable<ActionOffer> Reply(Standing here) => here.Part<InboxOffers>().Route switch
    {
        null => [ActionOffer.Denied(noRoute)],
        { } open when here.Room.Participants.GetValueOrDefault(open.AuthorID) is { } author
            && here.Room.Conversation.Obstacle(here.Agent.Seat!.SeatID, [author.SeatID], here.Limits, here.Now) is { } pause =>
            [ActionOffer.Denied(pause)],
        { } open => [new(new ReplyRequest(open.RouteID, ActionOffer.Unknown))],
    };
}
