namespace Parle.Domain.Rooms;

/// <summary>
/// A fact's places in its readers' views: among the room's common rows, in the views of a few seats, or nowhere. It is decided once and
/// recorded with the fact, so that a view can be rebuilt from its events alone.
/// </summary>
/// <param name="Common">Its number among the rows that the whole room may see, from 1; null when it is not one of them.</param>
/// <param name="Private">Its places in the views of the few seats that may see it; null when there are none.</param>
/// <param name="Work">The places of a common row in the views of its addressees; null when it has none.</param>
public sealed record Placement(long? Common = null, IReadOnlyList<PrivatePlace>? Private = null, IReadOnlyList<WorkPlace>? Work = null)
{
    /// <summary>On the record, but in nobody's view.</summary>
    public static Placement Nowhere { get; } = new();

    /// <summary>The placement of <paramref name="fact"/> as the next fact of <paramref name="room"/>.</summary>
    public static Placement Of(Room? room, object fact)
    {
        switch (Visibility.Of(room, fact))
        {
            case { Everyone: true }:
                var common = new Placement(Common: (room?.Common ?? 0) + 1);
                var seen = Rooms.Work.Of(fact).Select(target => target.SeatID).Distinct()
                    .Select(id => new WorkPlace(id, common.SeqFor(room!.Seats[id])!.Value)).ToList();
                return seen.Count > 0 ? common with { Work = seen } : common;
            case var visibility when room is not null && (visibility.Author is not null || visibility.Seats.Count > 0):
                var author = visibility.Author is { } id ? (Guid[])[room.Participants[id].SeatID] : [];
                var seats = author.Concat(visibility.Seats).Distinct().Select(seatID => room.Seats[seatID]);
                return new(Private: [.. seats.Select(seat => PlaceIn(room, seat))]);
            default:
                return Nowhere;
        }
    }

    /// <summary>
    /// Whether these can be the places of the room's next fact. The numbers follow from the record; the seats must exist, and all
    /// addressees must be among them. The choice of other readers was made when the fact was recorded, and is not made again.
    /// </summary>
    /// <param name="room">The room before the fact; null before the first one.</param>
    /// <param name="fact">The fact.</param>
    public bool IsNextOf(Room? room, object fact)
    {
        var working = Rooms.Work.Of(fact).Select(target => target.SeatID).Distinct().ToList();
        return this switch
        {
            { Common: null, Private: null, Work: null } => working.Count == 0 && fact is not SeatAdmitted,
            _ when room is null => false,
            { Common: { } common, Private: null } =>
                common == room.Common + 1 && (Work ?? []).Select(place => place.SeatID).Order().SequenceEqual(working.Order())
                && (Work ?? []).All(place => room.Seats.TryGetValue(place.SeatID, out var seat) && place.Seq == SeqFor(seat)),
            { Common: null, Private: { Count: > 0 } places, Work: null } =>
                fact is not SeatAdmitted && places.DistinctBy(place => place.SeatID).Count() == places.Count
                && working.TrueForAll(seat => places.Any(place => place.SeatID == seat))
                && places.All(place => room.Seats.TryGetValue(place.SeatID, out var seat) && place == PlaceIn(room, seat)),
            _ => false,
        };
    }

    /// <summary>The position in <paramref name="seat"/>'s own view, dense from 1; null when the seat does not see it.</summary>
    /// <param name="seat">The seat as it was when the fact was decided.</param>
    public long? SeqFor(Seat seat) =>
        Common is { } common ? (common > seat.Since ? common - seat.Since + seat.Private : null)
        : Private?.FirstOrDefault(place => place.SeatID == seat.SeatID)?.Seq;

    private static PrivatePlace PlaceIn(Room room, Seat seat) =>
        new(seat.SeatID, room.Common, seat.Private + 1, room.Common - seat.Since + seat.Private + 1);
}

/// <summary>The place of a row in the view of an addressee.</summary>
/// <param name="SeatID">The addressee's seat.</param>
/// <param name="Seq">Its position there.</param>
public sealed record WorkPlace(Guid SeatID, long Seq);

/// <summary>One seat's private row.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="After">The number of common rows before it; it stands after the last of them.</param>
/// <param name="Number">Its number among the seat's private rows, from 1.</param>
/// <param name="Seq">Its position in the seat's view.</param>
public sealed record PrivatePlace(Guid SeatID, long After, long Number, long Seq);
