using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Writing;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;
using Parle.Projections.Sessions;

namespace Parle.Api.Delivery;

/// <summary>
/// The queue of one session in one room: messages to it, to its alias and to its agent, and what asks want of its seat now.
/// </summary>
/// <param name="Work">The messages' and asks' scopes.</param>
/// <param name="Awaited">What asks want, in the order of <see cref="WorkOf.Asks"/>.</param>
public sealed record Inbox(WorkOf Work, IReadOnlyList<AwaitedAct> Awaited)
{
    /// <summary>
    /// A session that showed no sign of life for so long does not count: what waited for it alone waits for every session of its seat.
    /// </summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(10);

    /// <summary>The queue of a caller that is in the room.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="states">The rooms.</param>
    /// <param name="database">The database of the sessions' signs of life.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Inbox> Of(
        Caller caller, RoomStates states, NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellation) =>
        await Of(caller, (await states.Read([caller.RoomID], cancellation))[caller.RoomID].Room!, database, now, cancellation);

    /// <summary>The queue of a caller in a room whose state is known.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="room">The room.</param>
    /// <param name="database">The database of the sessions' signs of life.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Inbox> Of(
        Caller caller, Room room, NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!room.Seats.TryGetValue(caller.Seat!.SeatID, out var seat))
        {
            return new(caller.Work, []);
        }

        var (own, alias) = (caller.ParticipantID!.Value, caller.Session!.Alias?.Name);
        var all = AskWork.Of(room, seat, now).ToList();
        var others = all.Where(awaited => awaited.ParticipantID is { } owner && owner != own)
            .Select(awaited => room.Participants.GetValueOrDefault(awaited.ParticipantID!.Value)).OfType<Participant>()
            .Where(participant => participant.ExpiresAt > now).Distinct().ToList();
        IReadOnlySet<Guid> living = others.Count == 0 ? new HashSet<Guid>() : await AgentSessionQueries.ThatShowLife(
            database, [.. others.Select(participant => participant.AgentSessionID)], now, now - SilentAfter, cancellation);
        var present = others.Where(participant => living.Contains(participant.AgentSessionID))
            .Select(participant => participant.ParticipantID).ToHashSet();
        var awaited = all.Where(one => one.IsFor(own, alias, present.Contains)).ToList();
        return new(caller.Work with { Asks = awaited.ConvertAll(one => (one.Ask.AskID, one.Number, one.Scope)) }, awaited);
    }
}
