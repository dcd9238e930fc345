using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Aliases;
using Parle.Api.Asks;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Delivery;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Api.Wire;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Domain.Sessions;
using Parle.Projections.Aliases;
using Parle.Projections.Rooms;

namespace Parle.Api.Discovery;

/// <summary>Renders the registry for one caller.</summary>
public static class ReadAffordancesEndpoint
{
    private static readonly Refusal NothingWaits = Refusals.DeliveryAckRejected with
    { Reason = "nothing_waits", Unlock = "Nothing waits for you here. Drain again when you are woken." };
    private static readonly Refusal NoRoute =
        Refusals.NotFound with { Reason = "no_reply_route", Unlock = "You have no reply route. A direct message to you brings one." };
    private static readonly Refusal NoAlias = Refusals.NotFound with
    { Reason = "no_alias", Unlock = $"Your agent has no alias. Claim one first ({AliasActions.ClaimAlias.Id})." };

    /// <summary>Asks of every action what an attempt would ask (law 7).</summary>
    [Serves(typeof(AffordanceActions), nameof(AffordanceActions.ReadAffordances))]
    public static async Task<IResult> Read(
        Actor actor, NpgsqlDataSource database, AccountLimits bounds, RoomLimits limits, TokenQuota quota, LiveSessions live,
        TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        var found = await MembersRoom.Of(context, actor);
        if (found.Refusal is { } stranger)
        {
            return new RefusalResult(stranger);
        }

        var room = found.Room;
        var here = await MemberAffordances.Find(actor, found.RoomID, room, context);
        if (actor.Agent is not { } caller)
        {
            return Results.Json(new AffordanceList([.. MemberAffordances.OfPerson(here, found.RoomID)]), WireJson.Options);
        }

        var now = clock.GetUtcNow();
        var waiting = (await AttentionPage.Read(database, caller.Work, cancellation)).Rows;
        var route = await AttentionPage.OpenRoute(database, caller.Work, ReplyRoute.MaxHops, now - ReplyRoute.Life, cancellation);
        var spent = await TokenUses.Obstacle(database, caller, cancellation);
        var tokens = await TokenAffordances.For(database, caller, quota, Actions.Index, cancellation);
        var aliases = await AliasQueries.ClaimedBy(database, caller.AgentID, now, cancellation);
        var crowd = await live.Obstacle(caller, cancellation);
        var full = await CreateRoomEndpoint.Obstacle(database, caller, bounds, cancellation);

        var rows = Actions.All.Where(action => action.IsForAgents && !action.NamesAsk).SelectMany<ParleAction, Affordance>(action =>
        {
            if ((Admission.Obstacle(action, caller, caller.RoomID.ToString(), caller.Session!.SessionID.ToString(), now)
                ?? (action.IsUse ? spent : null)
                ?? action.RoomObstacle?.Invoke(room, caller.ParticipantID!.Value, limits.For(caller.TokenPath.Count), now)) is { } refusal)
            {
                return [Affordance.Denied(action, refusal)];
            }

            if (action == RoomActions.CreateRoom && full is not null)
            {
                return [Affordance.Denied(action, full)];
            }

            if (action == SessionActions.StartSession && crowd is not null)
            {
                return [Affordance.Denied(action, crowd)];
            }

            if (action.MemberObstacle is not null || action.Choices is not null)
            {
                return MemberAffordances.Of(action, here, caller.RoomID, caller.Session!.SessionID);
            }

            return [action switch
            {
                _ when action == DeliveryActions.AckResponsiveDelivery => waiting is [var first, ..]
                    ? Affordance.Offered(action, caller, new AcknowledgeRequest(first.Row.Seq, first.Row.EventID))
                    : Affordance.Denied(action, NothingWaits),
                _ when action == DeliveryActions.PostReply => Reply(action, caller, room, route, limits, now),
                _ when action == TokenActions.MintToken || action == TokenActions.RevokeToken => tokens.Of(action, caller),
                _ when action == AliasActions.ClaimAlias || action == AliasActions.LookUpAlias => Claim(action, caller, aliases),
                _ when action.PathNames.Contains("alias") => AboutAlias(action, caller, aliases),
                _ => Affordance.Offered(action, caller),
            }];
        });
        var (ofAsks, leftOut) = AskAffordances.Of(caller, room, null, spent, limits, now);
        return Results.Json(
            new AffordanceList([.. rows.SelectMany(row => ForEachKind(row, caller, room)), .. ofAsks])
            { LeftOut = leftOut.Count > 0 ? leftOut : null }, WireJson.Options);
    }

    // Each kind asks in words of its own. An approval that nobody could give is not asked for.
    private static IEnumerable<Affordance> ForEachKind(Affordance row, Caller caller, Room room) =>
        row.Allowed && row.Action == AskActions.OpenAsk.Id && room.Seats.TryGetValue(caller.Seat!.SeatID, out var seat)
            ? Enum.GetValues<AskKind>().Where(kind => kind is not AskKind.Approval || OpenAsk.Deciders(room, seat, asked: null) > 0)
                .Select(kind => Affordance.Offered(AskActions.OpenAsk, caller, OpenAskRequest.Template(kind)))
            : [row];

    // The route's author may have gone, and another session of its seat have its alias; the pause is the seat's.
    private static Affordance Reply(
        ParleAction action, Caller caller, Room room, (Guid RouteID, Guid AuthorID)? route, RoomLimits limits, DateTimeOffset now) =>
        route switch
        {
            null => Affordance.Denied(action, NoRoute),
            { } open when room.Participants.GetValueOrDefault(open.AuthorID) is { } author
                && room.Conversation.Obstacle(caller.Seat!.SeatID, [author.SeatID], limits, now) is { } pause =>
                    Affordance.Denied(action, pause),
            { } open => Affordance.Offered(action, caller, ReplyRequest.Example with { ReplyRouteID = open.RouteID }),
        };

    // To read the settings of a name is everybody's of the agent; to change them takes a token that reaches the session it is left for.
    private static Affordance AboutAlias(ParleAction action, Caller caller, IReadOnlyDictionary<string, ClaimedName> aliases)
    {
        var claimed = aliases.Where(one => !one.Value.Released).OrderBy(one => one.Key, StringComparer.Ordinal).ToList();
        var reached = claimed.FirstOrDefault(one => action.IsSafe || caller.SessionReach.Obstacle(one.Value.HolderTokens) is null);
        return reached.Key is { } alias ? Affordance.Offered(action, caller, values: [("alias", alias)])
            : Affordance.Denied(action, claimed.Count == 0 ? NoAlias : SessionReach.NotYours);
    }

    // A name that is free to any agent: its own handle with something behind it.
    private static Affordance Claim(ParleAction action, Caller caller, IReadOnlyDictionary<string, ClaimedName> aliases)
    {
        var alias = $"{caller.AgentHandle}-main";
        var known = aliases.GetValueOrDefault(alias);
        return action == AliasActions.ClaimAlias && known is { HolderLives: true, Released: false }
            && caller.SessionReach.Obstacle(known.HolderTokens) is { } refusal
            ? Affordance.Denied(action, refusal)
            : Affordance.Offered(action, caller, new ClaimAliasRequest(alias, known?.Generation ?? 0), values: [("alias", alias)]);
    }
}
