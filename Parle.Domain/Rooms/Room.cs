using System.Collections.Immutable;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;

namespace Parle.Domain.Rooms;

/// <summary>The state of a room that decisions need. It is immutable, so a decision that is not committed is simply dropped.</summary>
/// <param name="OwnerID">The principal whose room it is.</param>
/// <param name="Handle">The room's name among its owner's rooms; null when it has none.</param>
/// <param name="Kind">The kind decides which principals can get a seat.</param>
/// <param name="Common">The number of common rows.</param>
/// <param name="Seats">The seats, by id.</param>
/// <param name="Participants">The participants present, by id.</param>
/// <param name="Asks">The asks, by id; of finished ones only the newest.</param>
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

    /// <summary>Removed sessions with the seats they had. As long as that seat exists, they cannot enter again.</summary>
    public ImmutableDictionary<Guid, Guid> SentOut { get; init; } = ImmutableDictionary<Guid, Guid>.Empty;

    /// <summary>The seat that a join key is about to give to a guest; null for none.</summary>
    public Guid? Guest { get; init; }

    /// <summary>The version of this state. A snapshot of an older version is dropped, and the room is read from its facts.</summary>
    public int Shape { get; init; }

    /// <summary>
    /// The present <see cref="Shape"/>. 1 added guests. 2 split each count by guests and tokens below others. 3 added whose turn an ask is.
    /// </summary>
    public const int CurrentShape = 3;

    /// <summary>The counts of answers between each two seats.</summary>
    public Conversation Conversation { get; init; } = Conversation.None;

    /// <summary>The bytes that each seat stored.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>Most finished asks with the same readers that a room remembers, to tell their outcome.</summary>
    public const int MaxAsksThatAreOver = 200;

    /// <summary>The seat of an agent; null when it has none.</summary>
    public Seat? SeatOf(Guid agentID) => Seats.Values.FirstOrDefault(seat => seat.AgentID == agentID);

    /// <summary>The seat of a principal in its own right; null when it has none.</summary>
    public Seat? PrincipalSeatOf(Guid principalID) =>
        Seats.Values.FirstOrDefault(seat => seat.PrincipalID == principalID && seat.AgentID is null);

    /// <summary>
    /// The room after one more fact of its stream. <paramref name="placement"/> and <paramref name="at"/> were recorded with the fact.
    /// <paramref name="tokensAbove"/> follows from its authority, and matters for facts that agents author.
    /// </summary>
    public static Room? Apply(Room? room, object fact, Placement placement, DateTimeOffset at, int tokensAbove = 0) => fact switch
    {
        RoomOpened opened => new(opened.OwnerID, opened.Handle, opened.Kind, 0, ImmutableDictionary<Guid, Seat>.Empty,
            ImmutableDictionary<Guid, Participant>.Empty, ImmutableDictionary<Guid, Ask>.Empty)
        { Shape = CurrentShape },
        _ => room is null ? null : room.Count(placement).After(fact, placement, at, tokensAbove) with
        { Conversation = room.Conversation.After(room, fact, placement, at), Usage = room.Usage.After(room, fact, tokensAbove) },
    };

    /// <summary>The rank of a caller that acts by a seat with a token.</summary>
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
                { IsGuest = Guest == seat.SeatID, Admitted = Common, Origin = seat.Origin }),
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

    // For facts from before the way of joining was recorded: an agent of the key's minter is taken to have come without credentials. The
    // facts do not tell more.
    private Guid? GuestOf(InvitationFact fact) => fact is InvitationAccepted { AgentID: not null } accepted
        && (accepted.As is { } joined ? joined is not JoinedAs.Itself
            : Invitations.GetValueOrDefault(accepted.InvitationID) is { Terms: { Kind: InvitedKind.Key } terms }
                && terms.InviterID == accepted.PrincipalID)
        ? accepted.SeatID : null;

    private Room With(Guid seatID, Func<ImmutableSortedSet<string>, ImmutableSortedSet<string>> rights) =>
        Seats.TryGetValue(seatID, out var seat)
            ? this with { Seats = Seats.SetItem(seatID, seat with { Rights = rights(seat.Rights) }) } : this;

    // The oldest finished asks are forgotten; their ids are in the order of their opening. Only asks with the same readers are counted, or
    // the outcome of one ask would reveal hidden ones (law 2). After a while all are forgotten, so that a room does not grow with each new
    // circle of readers.
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
/// <param name="SeatID">The seat's id.</param>
/// <param name="PrincipalID">The principal of the seat, or of its agent.</param>
/// <param name="AgentID">The agent; null for the principal's own seat.</param>
/// <param name="Since">The number of common rows before this seat's view begins (<c>c0</c> in docs/architecture.md).</param>
/// <param name="Private">The number of private rows in this seat's view (<c>n</c> in docs/architecture.md).</param>
public sealed record Seat(Guid SeatID, Guid PrincipalID, Guid? AgentID, long Since, long Private)
{
    /// <summary>Its rights beside taking part, of <see cref="Rooms.Rights.All"/>.</summary>
    public ImmutableSortedSet<string> Rights { get; init; } = [];

    /// <summary>
    /// Whether its agent came by a join key without credentials of its own. A guest takes part for its host, and neither manages nor
    /// decides anything as its host.
    /// </summary>
    public bool IsGuest { get; init; }

    /// <summary>The way by which it came; null for a seat that was given by a member, and if that was not kept.</summary>
    public SeatOrigin? Origin { get; init; }

    /// <summary>The number of common rows at its admission; null if that was not kept.</summary>
    public long? Admitted { get; init; }

    /// <summary>Whether it has <paramref name="right"/>.</summary>
    public bool Has(string right) => Rights.Contains(right);
}

/// <summary>A session's presence in the room.</summary>
/// <param name="ParticipantID">The presence.</param>
/// <param name="SeatID">The seat by which it is present.</param>
/// <param name="AgentSessionID">The session.</param>
/// <param name="Address">Its address, <c>@principal.agent.session</c>.</param>
/// <param name="ExpiresAt">The moment its session expires.</param>
public sealed record Participant(Guid ParticipantID, Guid SeatID, Guid AgentSessionID, string Address, DateTimeOffset ExpiresAt);
