using Parle.Api.Contract;
using Parle.Api.Rooms;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>What the caller may do about each ask that it sees.</summary>
public static class AskAffordances
{
    /// <summary>How many asks a room's affordances speak of: the newest ones that are not over. Each ask speaks for itself when it is read.</summary>
    public const int MaxAsks = 50;

    private static readonly Refusal NoAsk = Refusals.NotFound with { Reason = "no_ask", Unlock = $"There is no ask for you here. Open one ({OpenAsk.ID}), or wait for somebody else's." };

    private static readonly Refusal NoContext = Refusals.NotFound with { Reason = "no_context", Unlock = "Nothing was handed over with this ask." };

    /// <summary>The rows of <paramref name="askID"/>, or of all asks that are not over.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="room">The room.</param>
    /// <param name="askID">The ask; null for all.</param>
    /// <param name="spent">Why the caller can record nothing, see <see cref="Tokens.TokenUses"/>; null when it can.</param>
    /// <param name="now">The moment.</param>
    public static IEnumerable<Affordance> Of(Caller caller, Room room, Guid? askID, Refusal? spent, DateTimeOffset now)
    {
        if (room.Seats.GetValueOrDefault(caller.Seat!.SeatID) is not { } seat)
        {
            return []; // Its seat was removed since it was let in.
        }

        var asks = room.Asks.Values.Where(ask => ask.IsVisibleTo(seat) && caller.Limits.Asks?.Contains(ask.AskID) is not false && (askID is null ? !ask.IsOver : ask.AskID == askID)).OrderByDescending(ask => ask.AskID).Take(MaxAsks).ToList();
        return asks.Count > 0
            ? asks.SelectMany(ask => About.SelectMany(action => Of(action, caller, ask, seat, spent, now)))
            : About.Select(action => Affordance.Denied(action, NoAsk));
    }

    private static IEnumerable<ParleAction> About => Actions.All.Where(action => action.NamesAsk);

    private static IEnumerable<Affordance> Of(ParleAction action, Caller caller, Ask ask, Seat seat, Refusal? spent, DateTimeOffset now)
    {
        if ((caller.Limits.Obstacle(action.Id, namesAsk: true, ask.AskID) ?? (action.IsUse ? spent : null) ?? AskActs.All.FirstOrDefault(act => act.ID == action.Id)?.Obstacle(ask, seat, now)) is { } refusal)
        {
            return [Affordance.Denied(action, refusal, ask.AskID)];
        }

        if (action != Actions.ReadContext && action != Actions.WithdrawContext)
        {
            return [Affordance.Offered(action, caller, BodyOf(action, ask), ask.AskID)];
        }

        var items = ask.Items.Where(item => action == Actions.ReadContext || item.Value == seat.SeatID).Select(item => item.Key).Order().ToList();
        return items.Count > 0
            ? items.Select(item => Affordance.Offered(action, caller, null, ask.AskID, ("item", item.ToString())))
            : [Affordance.Denied(action, NoContext, ask.AskID)];
    }

    private static object? BodyOf(ParleAction action, Ask ask) =>
        action == Actions.AnswerAsk ? new AnswerRequest(AskExamples.Of(AskShapes.AnswerOf(ask.Kind), ask.Sha256))
        : action == Actions.DecideApproval ? DecideRequest.Example with { Sha256 = ask.Sha256 }
        : action == Actions.ConsumeApproval ? new ConsumeRequest(ask.Sha256)
        : null;
}
