using System.Collections.Immutable;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;

namespace Parle.Domain.Rooms;

/// <summary>The little state that decisions need. Immutable: a decision that is not committed is simply forgotten.</summary>
/// <param name="OwnerID">The principal whose room it is.</param>
/// <param name="Handle">The room's name among its owner's rooms; null when it has none.</param>
/// <param name="Kind">The principals that can be given a seat.</param>
/// <param name="Common">How many rows the whole room may see.</param>
/// <param name="Seats">The seats, by id.</param>
/// <param name="Participants">The participants that are present, by id.</param>
/// <param name="Asks">The asks, by id; of asks that are over, the newest ones.</param>
public sealed record Room(
    Guid OwnerID,
    string? Handle,
    RoomKind Kind,
    long Common,
    ImmutableDictionary<Guid, Seat> Seats,
    ImmutableDictionary<Guid, Participant> Participants,
    ImmutableDictionary<Guid, Ask> Asks)
{
    /// <summary>Whether its owner closed it for good.</summary>
    public bool Archived { get; init; }

    /// <summary>The open invitations, by id.</summary>
    public ImmutableDictionary<Guid, Invitation> Invitations { get; init; } = ImmutableDictionary<Guid, Invitation>.Empty;

    /// <summary>Sessions that were sent out, with the seat they had: as long as there is that seat, they do not come in again.</summary>
    public ImmutableDictionary<Guid, Guid> SentOut { get; init; } = ImmutableDictionary<Guid, Guid>.Empty;

    /// <summary>The seat that a join key is about to bring to a guest; null when none is.</summary>
    public Guid? Guest { get; init; }

    /// <summary>The version of this state: a snapshot that knew less is read from its facts again.</summary>
    public int Shape { get; init; }

    /// <summary>
    /// The present <see cref="Shape"/>. 1: who is a guest. 2: what of each count is of guests and of tokens below others.
    /// </summary>
    public const int CurrentShape = 2;

    /// <summary>The counts of answers between each two seats.</summary>
    public Conversation Conversation { get; init; } = Conversation.None;

    /// <summary>The bytes that each seat stored.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>How many asks of the same readers that are over a room remembers, to say what became of them.</summary>
    public const int MaxAsksThatAreOver = 200;

    /// <summary>The seat of an agent, if it has one.</summary>
    public Seat? SeatOf(Guid agentID) => Seats.Values.FirstOrDefault(seat => seat.AgentID == agentID);

    /// <summary>The seat a principal has in its own right, if it has one.</summary>
    public Seat? PrincipalSeatOf(Guid principalID) =>
        Seats.Values.FirstOrDefault(seat => seat.PrincipalID == principalID && seat.AgentID is null);

    /// <summary>
    /// The room after one more fact of its stream. <paramref name="placement"/> and <paramref name="at"/> are what was recorded with the
    /// fact; <paramref name="tokensAbove"/> follows from its authority, and matters for what agents author.
    /// </summary>
    public static Room? Apply(Room? room, object fact, Placement placement, DateTimeOffset at, int tokensAbove = 0) => fact switch
    {
        RoomOpened opened => new(opened.OwnerID, opened.Handle, opened.Kind, 0, ImmutableDictionary<Guid, Seat>.Empty,
            ImmutableDictionary<Guid, Participant>.Empty, ImmutableDictionary<Guid, Ask>.Empty)
        { Shape = CurrentShape },
        _ => room is null ? null : room.Count(placement).After(fact, placement, at, tokensAbove) with
        { Conversation = room.Conversation.After(room, fact, placement, at), Usage = room.Usage.After(room, fact, tokensAbove) },
    };

    /// <summary>Where whoever acts by a seat with a token stands in what its principal may.</summary>
    public Rank RankOf(Guid seatID, int tokensAbove) => new(Seats.GetValueOrDefault(seatID)?.IsGuest is true, tokensAbove);

    private Room Count(Placement placement) => placement switch
    {
        { Common: { } common } => this with { Common = common },
        { Private: { Count: > 0 } places } => this with
        {
            Seats = Seats.SetItems(
                places.Select(place => KeyValuePair.Create(place.SeatID, Seats[place.SeatID] with { Private = place.Number }))),
        },
        _ => this,
    };

    private Room After(object fact, Placement placement, DateTimeOffset at, int tokensAbove) => fact switch
    {
        AskOpened opened =>
            this with { Asks = Asks.SetItem(opened.AskID, Ask.Open(opened, placement, RankOf(opened.AskerSeatID, tokensAbove))) },
        AskFact about => Asks.GetValueOrDefault(about.AskID) is { } ask ? With(ask.After(about, this, tokensAbove), at) : this,
        InvitationFact about => this with { Invitations = Invitation.After(Invitations, about), Guest = GuestOf(about) },
        SeatAdmitted seat => this with
        {
            Seats = Seats.SetItem(seat.SeatID,
                new(seat.SeatID, seat.PrincipalID, seat.AgentID, Since: seat.History is History.All ? 0 : Common, Private: 0)
                { IsGuest = Guest == seat.SeatID, Admitted = Common }),
        },
        ParticipantEntered entered => this with
        {
            Participants = Participants.SetItem(entered.ParticipantID,
                new(entered.ParticipantID, entered.SeatID, entered.AgentSessionID, entered.Address, entered.ExpiresAt)),
        },
        ParticipantLeft left => this with { Participants = Participants.Remove(left.ParticipantID) },
        ParticipantRemoved removed when Participants.GetValueOrDefault(removed.ParticipantID) is { } there => this with
        {
            Participants = Participants.Remove(removed.ParticipantID),
            SentOut = SentOut.SetItem(there.AgentSessionID, there.SeatID),
        },
        RightGranted granted => With(granted.SeatID, rights => rights.Add(granted.Right)),
        RightRevoked revoked => With(revoked.SeatID, rights => rights.Remove(revoked.Right)),
        SeatRemoved removed => this with
        {
            Seats = Seats.Remove(removed.SeatID),
            SentOut = SentOut.RemoveRange(SentOut.Where(session => session.Value == removed.SeatID).Select(session => session.Key)),
        },
        RoomArchived or RoomImported =>
            this with { Archived = true, Seats = Seats.Clear(), Participants = Participants.Clear(), SentOut = SentOut.Clear() },

        // Decisions need nothing of these beside the counts. A new type of fact is decided here too, or throws.
        ParticipantRemoved or MessageSubmitted or ContentRedacted => this,
        _ => throw new ArgumentException($"{fact.GetType().Name} is no fact of a room.", nameof(fact)),
    };

    // Facts of before it was recorded how somebody joined: whoever came as an agent of the key's maker came without credentials, as far as
    // can be told.
    private Guid? GuestOf(InvitationFact fact) => fact is InvitationAccepted { AgentID: not null } accepted
        && (accepted.As is { } joined ? joined is not JoinedAs.Itself
            : Invitations.GetValueOrDefault(accepted.InvitationID) is { Terms: { Kind: InvitedKind.Key } terms }
                && terms.InviterID == accepted.PrincipalID)
        ? accepted.SeatID : null;

    private Room With(Guid seatID, Func<ImmutableSortedSet<string>, ImmutableSortedSet<string>> rights) =>
        Seats.TryGetValue(seatID, out var seat)
            ? this with { Seats = Seats.SetItem(seatID, seat with { Rights = rights(seat.Rights) }) } : this;

    // The oldest of those that are over are forgotten: their ids are in the order of their opening. Only asks that
    // the same readers see count, or what becomes of an ask would tell of others that are hidden (law 2). After a while all of
    // them are, so that a room does not grow with each new circle of readers.
    private Room With(Ask ask, DateTimeOffset at)
    {
        var asks = Asks.SetItem(ask.AskID, ask.IsOver && ask.EndedAt is null ? ask with { EndedAt = at } : ask);
        if (ask.IsOver)
        {
            asks = asks.RemoveRange(asks.Values.Where(one => one.IsForgotten(at)).Select(one => one.AskID).ToList());
        }

        var over = ask.IsOver ? asks.Values.Where(one => one.IsOver && one.HasReadersOf(ask)).Select(one => one.AskID).ToList() : [];
        return this with { Asks = over.Count > MaxAsksThatAreOver ? asks.Remove(over.Min()) : asks };
    }
}

/// <summary>The right of a principal or an agent to take part, and where its view of the room stands.</summary>
/// <param name="SeatID">Which seat.</param>
/// <param name="PrincipalID">The principal of the seat, or of the agent.</param>
/// <param name="AgentID">The agent; null for the principal's own seat.</param>
/// <param name="Since">How many common rows lie before this seat's view (design: c0).</param>
/// <param name="Private">How many private rows this seat's view has (design: n).</param>
public sealed record Seat(Guid SeatID, Guid PrincipalID, Guid? AgentID, long Since, long Private)
{
    /// <summary>The rights it has beside taking part, of <see cref="Rooms.Rights.All"/>.</summary>
    public ImmutableSortedSet<string> Rights { get; init; } = [];

    /// <summary>
    /// Whether it is of an agent that came by a join key without credentials of its own: it takes part for its host, and neither manages
    /// nor decides anything as it.
    /// </summary>
    public bool IsGuest { get; init; }

    /// <summary>How many common rows there were when it was admitted; null when that was not kept.</summary>
    public long? Admitted { get; init; }

    /// <summary>Whether it is allowed <paramref name="right"/>.</summary>
    public bool Has(string right) => Rights.Contains(right);
}

/// <summary>A session's presence in the room.</summary>
/// <param name="ParticipantID">Which presence.</param>
/// <param name="SeatID">By which right it is there.</param>
/// <param name="AgentSessionID">Which session.</param>
/// <param name="Address">Where it can be reached, <c>@principal.agent.session</c>.</param>
/// <param name="ExpiresAt">When its session's life is over.</param>
public sealed record Participant(Guid ParticipantID, Guid SeatID, Guid AgentSessionID, string Address, DateTimeOffset ExpiresAt);
