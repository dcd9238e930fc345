using Parle.Domain.Asks;

namespace Parle.Domain.Rooms;

/// <summary>The readers of a fact as a row of the room. All others learn nothing of it (law 2).</summary>
/// <param name="Everyone">Every seat whose view has begun.</param>
/// <param name="Author">Otherwise the seat of this participant.</param>
/// <param name="Seats">And these seats.</param>
public sealed record Visibility(bool Everyone, Guid? Author, IReadOnlyList<Guid> Seats)
{
    /// <summary>Everybody in the room.</summary>
    public static Visibility Common { get; } = new(true, null, []);

    /// <summary>No reader: it is on the record, but no row.</summary>
    public static Visibility RecordOnly { get; } = new(false, null, []);

    /// <summary>The readers of <paramref name="fact"/>. Sessions that come and go are on the record, but are not rows.</summary>
    /// <param name="room">The room before it.</param>
    /// <param name="fact">The fact; a room's.</param>
    public static Visibility Of(Room? room, object fact) => RoomFacts.Of(fact).SeenBy(room, fact);

    internal static Visibility Of(MessageSubmitted message) => message.Addressing.Kind is AddressingKind.Direct
        ? new(false, message.AuthorID, [.. message.Addressing.Targets.Select(target => target.SeatID)])
        : Common;

    internal static Visibility Of(ContentRedacted redacted) => redacted.Readers is { } seats ? new(false, null, seats) : Common;

    internal static Visibility Of(AskOpened opened) => opened.Addressing.Kind is AddressingKind.Direct
        ? new(false, null, [opened.AskerSeatID, .. opened.Addressing.Targets.Select(target => target.SeatID)])
        : Common;

    internal static Visibility Of(Room? room, AskFact about) => room?.Asks.GetValueOrDefault(about.AskID) switch
    {
        // An ended seat gets no row.
        { Common: null } ask => new(false, null, [.. ask.Seats.Order().Prepend(ask.Asker.SeatID).Where(room.Seats.ContainsKey)]),
        // A seat was admitted after the ask was opened.
        { } ask when !room.Seats.Values.All(ask.IsVisibleTo) =>
            new(false, null, [.. room.Seats.Values.Where(ask.IsVisibleTo).Select(seat => seat.SeatID).Order()]),
        _ => Common,
    };
}
