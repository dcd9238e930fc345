using Parle.Domain.Asks;

namespace Parle.Domain.Rooms;

/// <summary>Who may see a fact as a row of the room. Whoever is not named here learns nothing of it (law 2).</summary>
/// <param name="Everyone">Every seat whose view has begun.</param>
/// <param name="Author">Otherwise the seat of this participant.</param>
/// <param name="Seats">And these seats.</param>
public sealed record Visibility(bool Everyone, Guid? Author, IReadOnlyList<Guid> Seats)
{
    private static readonly Visibility Common = new(true, null, []);
    private static readonly Visibility RecordOnly = new(false, null, []);

    /// <summary>Who may see <paramref name="fact"/>. Sessions coming and going are on the record, but are not rows.</summary>
    /// <param name="room">The room before it.</param>
    /// <param name="fact">The fact.</param>
    public static Visibility Of(Room? room, object fact) => fact switch
    {
        AskOpened { Addressing.Kind: AddressingKind.Direct } opened => new(false, null, [opened.AskerSeatID, .. opened.Addressing.Targets.Select(target => target.SeatID)]),
        AskOpened => Common,
        AskFact about when room?.Asks.GetValueOrDefault(about.AskID) is { Common: null } ask => // A seat that is no more gets no row.
            new(false, null, [.. ask.Seats.Order().Prepend(ask.Asker.SeatID).Where(room.Seats.ContainsKey)]),
        AskFact about when room?.Asks.GetValueOrDefault(about.AskID) is { } ask && !room.Seats.Values.All(ask.IsVisibleTo) => // Somebody came after it was asked.
            new(false, null, [.. room.Seats.Values.Where(ask.IsVisibleTo).Select(seat => seat.SeatID).Order()]),
        AskFact => Common,
        SeatAdmitted or SeatRemoved or RoomArchived => Common,
        MessageSubmitted { Addressing.Kind: AddressingKind.Direct } direct =>
            new(false, direct.AuthorID, [.. direct.Addressing.Targets.Select(target => target.SeatID)]),
        MessageSubmitted => Common,
        ContentRedacted { Readers: { } seats } => new(false, null, seats),
        ContentRedacted => Common,
        _ => RecordOnly,
    };
}
