namespace Parle.Domain.Rooms;

/// <summary>Takes a seat away. With a principal's seat go those of all its agents.</summary>
/// <param name="By">Who does it.</param>
/// <param name="SeatID">Which seat.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record RemoveSeat(Member By, Guid SeatID, Guid FactID, byte[] Salt)
{
    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, Rights.RemoveMembers);

    /// <summary>Why this seat cannot be taken away by who can take others; null when it can. Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room room, Member member, Seat seat) =>
        seat.SeatID == member.SeatIn(room)!.SeatID || (seat.AgentID is null && seat.PrincipalID == member.PrincipalID)
            ? Refusals.ValidationFailed.Because("That is your own seat.")
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

/// <summary>Takes away the seat of an agent that is no more. When it has none, nothing changes.</summary>
/// <param name="AgentID">Which agent.</param>
/// <param name="FactID">A fresh id.</param>
/// <param name="Salt">Fresh random bytes.</param>
public sealed record RemoveDeletedAgent(Guid AgentID, Guid FactID, byte[] Salt)
{
    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) => room?.SeatOf(AgentID) is { } seat ? EndOfSeats.Of(room, [seat], FactID, Salt) : Decision.Nothing;
}
