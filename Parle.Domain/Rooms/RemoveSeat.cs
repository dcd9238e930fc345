namespace Parle.Domain.Rooms;

/// <summary>Removes a seat. With a principal's seat go those of all its agents.</summary>
/// <param name="By">The member that removes.</param>
/// <param name="SeatID">The seat.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record RemoveSeat(Member By, Guid SeatID, Guid FactID, byte[] Salt)
{
    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, Rights.RemoveMembers);

    /// <summary>The refusal of this removal by a member that may remove others; null when it can. Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room room, Member member, Seat seat) =>
        seat.SeatID == member.SeatIn(room)!.SeatID || (seat.AgentID is null && seat.PrincipalID == member.PrincipalID)
            ? Refusals.ValidationFailed.Because("This is your own seat, which you cannot remove.")
        : seat.PrincipalID == room.OwnerID && !member.Owns(room) ? Refusals.ValidationFailed.Because(
            "The owner's seat, and those of its agents, are the owner's to remove.")
        : null;

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, By) is { } refusal ? refusal
        : room!.Seats.GetValueOrDefault(SeatID) is not { } seat ? Refusals.NoSuchThing
        : Obstacle(room, By, seat) is { } obstacle ? obstacle
        : EndOfSeats.Of(
            room, seat.AgentID is null ? [.. room.Seats.Values.Where(one => one.PrincipalID == seat.PrincipalID)] : [seat], FactID, Salt);
}

/// <summary>Removes the seat of a deleted agent. If it has none, nothing changes.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record RemoveDeletedAgent(Guid AgentID, Guid FactID, byte[] Salt)
{
    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) => room?.SeatOf(AgentID) is { } seat ? EndOfSeats.Of(room, [seat], FactID, Salt) : Decision.Nothing;
}
