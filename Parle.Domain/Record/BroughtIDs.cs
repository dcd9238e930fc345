using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Domain.Record;

/// <summary>
/// Checks that the facts of a file form one room: each fact names only ids that an earlier one brought, and brings only new ones. The facts
/// are given in their order.
/// </summary>
public sealed class BroughtIDs
{
    private readonly Dictionary<Guid, IDRole> brought = [];
    private readonly Dictionary<Guid, Guid> seatOf = []; // The seat of each presence.
    private readonly Dictionary<Guid, Guid> factOf = []; // The fact that each content belongs to.
    private readonly HashSet<Guid> coming = [];

    /// <summary>Begins with the room's own id.</summary>
    public BroughtIDs(Guid roomID) => brought[roomID] = IDRole.OfTheService;

    /// <summary>The error in the ids of the next fact; null when there is none.</summary>
    /// <param name="eventID">The fact's own id.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="contents">The ids of the contents it commits to.</param>
    /// <param name="fresh">Receives the ids that the fact brings.</param>
    /// <exception cref="FormatException">The fact is malformed.</exception>
    public string? Wrong(Guid eventID, object fact, IReadOnlyCollection<Guid> contents, ICollection<Guid> fresh)
    {
        if (!Bring(eventID, IDRole.ThisFact, fresh))
        {
            return "its id is that of something else";
        }

        foreach (var named in NamedIDs.Of(fact).OrderBy(named => !IsNew(named.Role)))
        {
            if (!Holds(named, eventID, fact, fresh))
            {
                return $"{named.Member} {named.ID} is "
                    + $"{(IsNew(named.Role) ? "there already, or not under the id of the fact" : "none that the room brought")}";
            }
        }

        foreach (var content in contents)
        {
            if (content != eventID && brought.GetValueOrDefault(content) is not IDRole.NewItem)
            {
                return $"content {content} is none of its own";
            }

            factOf[content] = eventID;
        }

        return Targets(fact).FirstOrDefault(
            target => target.ParticipantID is { } present && seatOf[present] != target.SeatID) is { } astray
            ? $"{astray.Address} is nobody with seat {astray.SeatID}" : null;
    }

    /// <summary>The error that remains after the last fact; null when there is none.</summary>
    public string? WrongAtEnd() => coming.Count > 0 ? $"seat {coming.First()} was promised, and never given" : null;

    private static bool IsNew(IDRole role) =>
        role is IDRole.NewSeat or IDRole.NewPresence or IDRole.NewAsk or IDRole.NewInvitation or IDRole.NewItem;

    private bool Holds(NamedID named, Guid eventID, object fact, ICollection<Guid> fresh)
    {
        switch (named.Role)
        {
            case IDRole.OfTheService or IDRole.Told:
                return true;
            case IDRole.ThisFact:
                return named.ID == eventID;
            case IDRole.NewAsk:
                return named.ID == eventID && Add(named.ID, IDRole.NewAsk);
            case IDRole.NewInvitation when named.ID == eventID: // An invitation with a label: the label's content has the invitation's id.
                return Add(named.ID, IDRole.NewInvitation);
            case IDRole.NewInvitation or IDRole.NewItem:
                return Bring(named.ID, named.Role, fresh);
            case IDRole.NewSeat:
                coming.Remove(named.ID);
                return Bring(named.ID, IDRole.NewSeat, fresh);
            case IDRole.NewPresence:
                seatOf[named.ID] = ((ParticipantEntered)fact).SeatID;
                return Bring(named.ID, IDRole.NewPresence, fresh);
            case IDRole.ComingSeat:
                return !brought.ContainsKey(named.ID) && coming.Add(named.ID);
            case IDRole.Words:
                return factOf.GetValueOrDefault(named.ID) == ((ContentRedacted)fact).FactID;
            case IDRole.Fact:
                return named.ID != eventID
                    && brought.GetValueOrDefault(named.ID) is IDRole.ThisFact or IDRole.NewAsk or IDRole.NewInvitation;
            default:
                return brought.TryGetValue(named.ID, out var role) && role == Brings(named.Role);
        }
    }

    private static IDRole Brings(IDRole role) => role switch
    {
        IDRole.Seat => IDRole.NewSeat,
        IDRole.Presence => IDRole.NewPresence,
        IDRole.Ask => IDRole.NewAsk,
        IDRole.Invitation => IDRole.NewInvitation,
        IDRole.Item => IDRole.NewItem,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Nothing brings that."),
    };

    private bool Bring(Guid id, IDRole role, ICollection<Guid> fresh)
    {
        if (id == Guid.Empty || !brought.TryAdd(id, role))
        {
            return false;
        }

        fresh.Add(id);
        return true;
    }

    // The fact's own id gets one more role.
    private bool Add(Guid id, IDRole role)
    {
        brought[id] = role;
        return true;
    }

    private static IEnumerable<Target> Targets(object fact) => fact switch
    {
        MessageSubmitted message => message.Addressing.Targets,
        AskOpened opened => [.. opened.Addressing.Targets, .. opened.Work, .. opened.Progress?.Audience.Targets ?? []],
        AskFact about => [.. about.Work, .. about.Progress?.Audience.Targets ?? []],
        _ => [],
    };
}
