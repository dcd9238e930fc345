using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Domain;

namespace Parle.Api.Auditing;

/// <summary>The actions on read ledgers, and previews of views.</summary>
public static class LedgerActions
{
    /// <summary>GET <c>/v/rooms/{room}/record/witnesses/{event}</c>.</summary>
    public static readonly ParleAction ListWitnesses = new("list_witnesses", "GET", "/v/rooms/{room}/record/witnesses/{event}",
        "Learn who has seen a fact.",
        "For the room's auditors and its owner. Every seat in whose view the fact stands: where, when it was shown there first, and by "
        + "which session it was read. `shown_at` is null for who has not read so far. Your look is recorded first.",
        [Ways.Auditor, Ways.Person], [new(200, "A page of seats.", typeof(WitnessList), () => WitnessList.Example)])
    {
        Input = PageCursor.FromFirst,
        Offers = here => here.Part<RoomManagement>().NewestRow is { } row ? [new(null, ("event", row.ToString()))] : [],
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden],
    };

    /// <summary>GET <c>/v/rooms/{room}/seats/{seat}/ledger</c>.</summary>
    public static readonly ParleAction ReadLedger = new("read_ledger", "GET", "/v/rooms/{room}/seats/{seat}/ledger",
        "Learn what somebody had been shown.",
        "For the room's auditors and its owner; also of seats that are no more. What a read lays open is written down before it is sent; "
        + "positions that a reader's cursor passes over count as laid open. With `rows=true`, for those who may see words, each row is "
        + "built again as it was first shown: byte for byte, but for the fence, which is drawn anew for each delivery. What is erased "
        + "since is missing. Your look is recorded first.",
        [Ways.Auditor, Ways.Person], [new(200, "A page of the ledger.", typeof(SeatLedger), () => SeatLedger.Example)])
    {
        Input = LedgerQuery.Input,
        Offers = here => here.Room.Seats.Keys.Order().Select(seat => new ActionOffer(null, ("seat", seat.ToString()))),
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden],
    };

    /// <summary>GET <c>/v/rooms/{room}/ledger</c>.</summary>
    public static readonly ParleAction ReadOwnLedger = new("read_own_ledger", "GET", "/v/rooms/{room}/ledger",
        "Learn what you have been shown.",
        "What the record says that your seat was shown, by any of your sessions, and when. Nobody else's.",
        [Ways.Participant], [new(200, "A page of your ledger.", typeof(SeatLedger), () => SeatLedger.Example)])
    {
        Input = LedgerQuery.Input,
    };

    /// <summary>POST <c>/v/rooms/{room}/preview</c>.</summary>
    public static readonly ParleAction PreviewRoom = new("preview_room", "POST", "/v/rooms/{room}/preview",
        "See what somebody would see.",
        "Only the room's owner can. With `seat_id`: the next page of that seat. With `admission`: the next page of somebody who would be "
        + "admitted. With `message`: in whose views it would stand. Decided as if it happened; nothing happens, and nobody else notices. "
        + "Your look is recorded first.",
        [Ways.Person], [new(200, "The page, or the seats.", typeof(Preview), () => Preview.Example)])
    {
        Body = typeof(PreviewRequest),
        ShowBody = () => PreviewRequest.Example,
        Offers = here =>
        [
            .. here.Room.Seats.Keys.Order().Select(seat => new ActionOffer(new PreviewRequest(seat))),
            .. here.Room.Participants.Keys.Order()
                .Select(participant => new ActionOffer(new PreviewRequest(Message: new(participant, null)))),
        ],
        Obstacle = here => Domain.Auditing.AppointAuditor.Obstacle(here.Room, here.Member),
        Refusals = [Refusals.NoSuchThing, Refusals.Forbidden, Refusals.ValidationFailed, Refusals.RoomNotFound, Refusals.AlreadyMember,
            Refusals.AddressNotDeliverable, Refusals.ResourceLimitExceeded],
    };

    /// <summary>All of these actions.</summary>
    public static IReadOnlyList<ParleAction> All { get; } = [ListWitnesses, ReadLedger, ReadOwnLedger, PreviewRoom];
}
