using Parle.Domain.Names;
using Parle.Domain.Sessions;

namespace Parle.Domain.Rooms;

/// <summary>An alias as it was when a message was sent to it.</summary>
/// <param name="Address">The address as the author wrote it, <c>@principal.agent.alias</c>.</param>
/// <param name="AgentID">The agent of the alias.</param>
/// <param name="Alias">The alias itself: the last part of the address.</param>
/// <param name="HolderSessionID">The live session that has the alias; null when none does.</param>
/// <param name="AcceptsOffline">Whether messages are accepted in this room while no session has it.</param>
public sealed record KnownAlias(string Address, Guid AgentID, string Alias, Guid? HolderSessionID, bool AcceptsOffline);

/// <summary>Resolves addresses to participants.</summary>
public static class Addressee
{
    /// <summary>Whether <paramref name="text"/> can only be an alias, which must be looked up before it is resolved.</summary>
    public static bool IsAlias(string text) => Address.Parse(text) is { Session: { } session } && !AnonymousHandle.HasShape(session);

    /// <summary>
    /// The participant that <paramref name="text"/> reaches in <paramref name="room"/>; null for none, or for more than one.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="text">The address as the author wrote it.</param>
    /// <param name="aliases">The known aliases among the addresses.</param>
    /// <param name="now">The moment. A participant whose session has expired by then is not reached.</param>
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

        // An agent's address is not anycast: it reaches a participant only if exactly one of the agent's sessions is present.
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
