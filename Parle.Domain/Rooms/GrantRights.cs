namespace Parle.Domain.Rooms;

/// <summary>Grants a seat rights beside taking part. Rights it has already stay.</summary>
/// <param name="By">The member that grants.</param>
/// <param name="SeatID">The seat.</param>
/// <param name="Granted">Some of <see cref="Rights.All"/>.</param>
public sealed record GrantRights(Member By, Guid SeatID, IReadOnlyList<string> Granted)
{
    /// <summary>Affordances ask this too: only the owner grants and revokes.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, right: null);

    /// <summary>The refusal of a seat that cannot be granted anything; null when it can. Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room room, Seat seat) =>
        seat.IsGuest
            ? Refusals.ValidationFailed.Because("A guest takes part for its host and manages nothing: no right can be granted to it.")
        : seat.PrincipalID == room.OwnerID ? Refusals.ValidationFailed.Because("The owner and its agents have every right already.")
        : null;

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        Obstacle(room, By) is { } refusal ? refusal
        : room!.Seats.GetValueOrDefault(SeatID) is not { } seat ? Refusals.NoSuchThing
        : Obstacle(room, seat) is { } obstacle ? obstacle
        : Granted.Except(seat.Rights).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } fresh ? Decision.RecordAll(
            [.. fresh.Select(right => (object)new RightGranted(SeatID, right))])
        : Decision.Nothing;

    /// <summary>Reads the rights of a request, given as one name or as the bundle; the refusal when it names none.</summary>
    public static Refusal? Read(string? rightName, string? bundle, out IReadOnlyList<string> rights)
    {
        rights = bundle is null ? [rightName ?? ""] : Rights.All;
        return rightName is null == bundle is null ? Refusals.ValidationFailed.Because("Send exactly one of right_name and bundle.")
            : bundle is not null and not Rights.AdminBundle ? Refusals.ValidationFailed.Because($"The only bundle is {Rights.AdminBundle}.")
            : bundle is null ? Obstacle(rightName!)
            : null;
    }

    /// <summary>The refusal of an unknown right; null for a known one.</summary>
    public static Refusal? Obstacle(string right) =>
        Rights.All.Contains(right) ? null
        : Rights.Reserved.Contains(right) ? Refusals.ValidationFailed.Because("This right is kept for later, and cannot be granted yet.")
        : Refusals.ValidationFailed.Because($"A right is one of {string.Join(", ", Rights.All)}.");
}

/// <summary>Takes one right back from a seat. If the seat does not have it, nothing changes.</summary>
/// <param name="By">The member that revokes.</param>
/// <param name="SeatID">The seat.</param>
/// <param name="Right">The right.</param>
public sealed record RevokeRight(Member By, Guid SeatID, string Right)
{
    /// <summary>Decides.</summary>
    public Decision Decide(Room? room) =>
        GrantRights.Obstacle(room, By) is { } refusal ? refusal
        : room!.Seats.GetValueOrDefault(SeatID) is not { } seat ? Refusals.NoSuchThing
        : GrantRights.Obstacle(Right) is { } unknown ? unknown
        : seat.Has(Right) ? Decision.Record(new RightRevoked(SeatID, Right))
        : Decision.Nothing;
}
