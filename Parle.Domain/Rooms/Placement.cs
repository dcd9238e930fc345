namespace Parle.Domain.Rooms;

/// <summary>
/// Where a fact stands in its readers' views: among the room's common rows, or in the views of a few seats, or nowhere.
/// Decided once and recorded with the fact, so that a view can be rebuilt from its events alone.
/// </summary>
/// <param name="Common">Its number among the rows that the whole room may see, from 1; null when it is not one of them.</param>
/// <param name="Private">Its places in the views of those who alone may see it; null when there are none.</param>
/// <param name="Work">Where a common row stands in the views of those who are to respond to it; null when nobody is.</param>
public sealed record Placement(long? Common = null, IReadOnlyList<PrivatePlace>? Private = null, IReadOnlyList<WorkPlace>? Work = null)
{
    /// <summary>On the record, but in nobody's view.</summary>
    public static Placement Nowhere { get; } = new();

    /// <summary>Where <paramref name="fact"/> will stand when it is the next one of <paramref name="room"/>.</summary>
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
    /// Whether these can be the places of the next fact of a room: the numbers that the record itself implies, in views of seats that are
    /// there, of all who are to respond. Who else may see a fact was decided when it was recorded, and is not decided again.
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

/// <summary>Where somebody who is to respond finds the row.</summary>
/// <param name="SeatID">Whose view.</param>
/// <param name="Seq">Its position there.</param>
public sealed record WorkPlace(Guid SeatID, long Seq);

/// <summary>One seat's private row.</summary>
/// <param name="SeatID">Whose row.</param>
/// <param name="After">How many common rows the room had when it was written; it comes after that one.</param>
/// <param name="Number">Its number among the seat's private rows, from 1.</param>
/// <param name="Seq">Its position in the seat's view.</param>
public sealed record PrivatePlace(Guid SeatID, long After, long Number, long Seq);
