using Parle.Api.Callers;
using Parle.Api.Writing;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>The acts that a caller may do on asks now, for rows that name them.</summary>
/// <param name="states">The rooms.</param>
/// <param name="limits">The bounds of rooms.</param>
/// <param name="clock">The time.</param>
public sealed class NextActs(RoomStates states, RoomLimits limits, TimeProvider clock)
{
    /// <summary>Tells the acts on one ask; null for one that the caller cannot see, or that was over long ago.</summary>
    public async Task<Func<Guid, IReadOnlyList<string>?>> Of(Caller caller, CancellationToken cancellation)
    {
        var room = (await states.Read([caller.RoomID], cancellation))[caller.RoomID].Room!;
        var (seat, now) = (room.Seats.GetValueOrDefault(caller.Seat!.SeatID), clock.GetUtcNow());
        var own = limits.For(caller.TokenPath.Count).OfAsk;
        return id => seat is not null && room.Asks.GetValueOrDefault(id) is { } ask && ask.IsVisibleTo(seat) && !ask.IsForgotten(now)
            ? AskActs.Next(ask, seat, now, own) : null;
    }
}
