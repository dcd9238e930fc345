using Parle.Domain.Names;
using Parle.Domain.Sessions;

namespace Parle.Domain.Rooms;

/// <summary>An alias as it was when a message was sent to it.</summary>
/// <param name="Address">The address as the author wrote it, <c>@principal.agent.alias</c>.</param>
/// <param name="AgentID">Whose alias it is.</param>
/// <param name="Alias">Its last part.</param>
/// <param name="HolderSessionID">The live session that has it; null when none does.</param>
/// <param name="AcceptsOffline">Whether messages are taken in this room while nobody has it.</param>
public sealed record KnownAlias(string Address, Guid AgentID, string Alias, Guid? HolderSessionID, bool AcceptsOffline);

/// <summary>Finds out whom an address reaches.</summary>
public static class Addressee
{
    /// <summary>Whether <paramref name="text"/> can only be an alias, so that it must be looked up before it can be resolved.</summary>
    public static bool IsAlias(string text) => Address.Parse(text) is { Session: { } session } && !AnonymousHandle.HasShape(session);

    /// <summary>Whom <paramref name="text"/> reaches in <paramref name="room"/>; null when that is nobody, or not certain.</summary>
    /// <param name="room">The room.</param>
    /// <param name="text">The address as written.</param>
    /// <param name="aliases">What is known of the aliases among the addresses.</param>
    /// <param name="now">Who has outlived its session by then is not there.</param>
    public static Target? Resolve(Room room, string text, IReadOnlyList<KnownAlias> aliases, DateTimeOffset now)
    {
        if (Address.Parse(text) is not { } address)
        {
            return null;
        }

        var alive = room.Participants.Values.Where(participant => participant.ExpiresAt > now);
        if (IsAlias(text))
        {
            return aliases.FirstOrDefault(alias => alias.Address == text) is { } alias && room.SeatOf(alias.AgentID) is { } seat
                ? Holder(alive, alias, seat)
                : null;
        }

        // An agent's address is not anycast: it reaches somebody only when exactly one of its sessions is there.
        var reached = alive
            .Where(participant => address.Session is null
                ? participant.Address.StartsWith(text + ".", StringComparison.Ordinal) : participant.Address == text)
            .Take(2).ToList();
        return reached is [var one] ? new(text, one.ParticipantID, one.SeatID, one.AgentSessionID) : null;
    }

    private static Target? Holder(IEnumerable<Participant> alive, KnownAlias alias, Seat seat) =>
        alive.FirstOrDefault(participant => participant.SeatID == seat.SeatID && participant.AgentSessionID == alias.HolderSessionID)
        is { } holder
            ? new(alias.Address, holder.ParticipantID, seat.SeatID, holder.AgentSessionID, alias.Alias)
        : alias.AcceptsOffline ? new(alias.Address, null, seat.SeatID, null, alias.Alias)
        : null;
}
