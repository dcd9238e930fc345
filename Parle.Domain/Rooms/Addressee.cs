using Parle.Domain.Names;
using Parle.Domain.Sessions;

namespace Parle.Domain.Rooms;

/// <summary>An agent, or an alias of one, as it was when a message was sent to it.</summary>
/// <param name="Address">The address as the author wrote it, <c>@principal.agent</c> or <c>@principal.agent.alias</c>.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="Alias">The alias: the last part of the address; null for the agent itself.</param>
/// <param name="HolderSessionID">The live session that has the alias; null when none does.</param>
/// <param name="AcceptsOffline">Whether messages are accepted in this room while no session has it.</param>
public sealed record KnownAddress(string Address, Guid AgentID, string? Alias, Guid? HolderSessionID, bool AcceptsOffline);

/// <summary>Resolves addresses to participants.</summary>
public static class Addressee
{
    /// <summary>Whether <paramref name="text"/> is an agent or an alias, which must be looked up before it is resolved.</summary>
    public static bool IsLookedUp(string text) =>
        Address.Parse(text) is { } address && (address.Session is null || !AnonymousHandle.HasShape(address.Session));

    /// <summary>
    /// The seat, alias or participant that <paramref name="text"/> reaches in <paramref name="room"/>; null for none. An agent's address
    /// reaches its seat, whether a session of it is there or not.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="text">The address as the author wrote it.</param>
    /// <param name="known">The agents and aliases among the addresses.</param>
    /// <param name="now">The moment. A participant whose session has expired by then is not reached.</param>
    public static Target? Resolve(Room room, string text, IReadOnlyList<KnownAddress> known, DateTimeOffset now)
    {
        var alive = room.Participants.Values.Where(participant => participant.ExpiresAt > now);
        if (IsLookedUp(text))
        {
            return known.FirstOrDefault(one => one.Address == text) is { } found && room.SeatOf(found.AgentID) is { } seat
                ? found.Alias is null ? new(text, null, seat.SeatID) : Holder(alive, found, seat)
                : null;
        }

        return alive.FirstOrDefault(participant => participant.Address == text) is { } one
            ? new(text, one.ParticipantID, one.SeatID, one.AgentSessionID) : null;
    }

    private static Target? Holder(IEnumerable<Participant> alive, KnownAddress alias, Seat seat) =>
        alive.FirstOrDefault(participant => participant.SeatID == seat.SeatID && participant.AgentSessionID == alias.HolderSessionID)
        is { } holder
            ? new(alias.Address, holder.ParticipantID, seat.SeatID, holder.AgentSessionID, alias.Alias)
        : alias.AcceptsOffline ? new(alias.Address, null, seat.SeatID, null, alias.Alias)
        : null;
}
