using System.Text.Json.Nodes;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>Opens an ask, for some or all of the room, of one of the <see cref="AskKinds"/>.</summary>
/// <param name="AskID">A fresh id: the ask's, the fact's and its content's.</param>
/// <param name="Author">The one that asks.</param>
/// <param name="Salt">Fresh random bytes.</param>
/// <param name="Request">The request.</param>
/// <param name="Audience">The audience.</param>
/// <param name="To">The addresses, as written, of a direct ask.</param>
/// <param name="Aliases">The known aliases among them.</param>
/// <param name="DueAt">After this moment nobody can answer; null for no bound.</param>
/// <param name="Quorum">The number of principals that must approve; null for one. Only for approvals.</param>
/// <param name="ValidFor">The time for which an approval can be used; null for an hour. Only for approvals.</param>
/// <param name="Packet">The context to add with it; null for none.</param>
public sealed record OpenAsk(
    Guid AskID, Author Author, byte[] Salt, AskRequest Request, AddressingKind Audience, IReadOnlyList<string> To,
    IReadOnlyList<KnownAddress> Aliases, DateTimeOffset? DueAt, int? Quorum, TimeSpan? ValidFor, ContextPacket? Packet)
{
    /// <summary>The registry's name.</summary>
    public const string ID = "open_ask";

    /// <summary>Most principals that can be asked to approve one thing.</summary>
    public const int MaxQuorum = 10;

    private static readonly TimeSpan UsualValidity = TimeSpan.FromHours(1);

    /// <summary>The limits on open asks of its seat, and on the context of one.</summary>
    public RoomLimits Limits { get; init; } = RoomLimits.None;

    /// <summary>Affordances ask this too.</summary>
    public static Refusal? Obstacle(Room? room, Guid authorID, RoomLimits limits, DateTimeOffset now) =>
        PostMessage.Obstacle(room, authorID) ?? TooManyOpen(room!, room!.Participants[authorID].SeatID, limits, now);

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room, DateTimeOffset now)
    {
        if ((Obstacle(room, Author.ParticipantID, Limits, now) ?? Request.Obstacle() ?? Packet?.Obstacle(now) ?? Bounds(now)
            ?? AskTexts.Obstacle(Data(), Packet) ?? (Packet is null
                ? null : AskShare.None.Obstacle(room!.Seats[room.Participants[Author.ParticipantID].SeatID], Packet, Limits.OfAsk)))
            is { } refusal)
        {
            return refusal;
        }

        var targets = To.Select(address => Addressee.Resolve(room!, address, Aliases, now)).ToList();
        if (Audience is AddressingKind.Direct && (targets.Count == 0 || targets.Contains(null)))
        {
            return Refusals.AddressNotDeliverable;
        }

        var seat = room!.Seats[room.Participants[Author.ParticipantID].SeatID];
        var isDecided = AskKinds.Of(Request.Kind).IsDecided;
        if ((isDecided ? QuorumObstacle(room, seat, Audience is AddressingKind.Direct ? [.. targets.OfType<Target>()] : null) : null)
            is { } unreachable)
        {
            return unreachable;
        }

        var words = AskTexts.Of(Salt, AskID, Request.Kind, ID, Request.Text(), Data(), Packet);
        if (Content.Obstacle(words.Canonical) is { } tooMuch)
        {
            return tooMuch;
        }

        var audience = Audience is AddressingKind.Direct ? Addressing.To([.. targets.OfType<Target>()]) : Addressing.Everybody;
        var opened = new AskOpened(
            Request.Kind, seat.SeatID, seat.PrincipalID, audience, Request.Subject?.Sha256, isDecided ? Quorum ?? 1 : null, DueAt,
            isDecided ? (int)(ValidFor ?? UsualValidity).TotalSeconds : null)
        {
            AskID = AskID,
            Number = 1,
            AuthorID = Author.ParticipantID,
            AuthorAlias = Author.Alias,
            Work = [.. targets.OfType<Target>()],
            Words = words.Commitment,
            Context = Packet?.Facts(seat.SeatID) ?? [],
            Progress = new(
                Request.Kind, audience, Request.Subject?.Sha256, isDecided ? Quorum ?? 1 : null, isDecided ? 0 : null, isDecided ? 0 : null,
                null),
        };
        return Decision.Record(opened, AskID, words, Packet?.Contents ?? []);
    }

    /// <summary>Whether <paramref name="asker"/> may open an ask of this kind. An ask that nobody could decide is not offered.</summary>
    public static bool IsOffered(KindOfAsk kind, Room room, Seat asker) => !kind.IsDecided || Deciders(room, asker, asked: null) > 0;

    /// <summary>
    /// The number of principals that could approve. Each is asked, has a seated agent that is no guest, and is not the asker's own.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="asker">The one that asks.</param>
    /// <param name="asked">The addressees; null for everybody.</param>
    public static int Deciders(Room room, Seat asker, IReadOnlyList<Target>? asked) => room.Seats.Values
        .Where(seat => seat.AgentID is not null && !seat.IsGuest && seat.PrincipalID != asker.PrincipalID
            && asked?.Any(target => target.SeatID == seat.SeatID) is not false)
        .Select(seat => seat.PrincipalID).Distinct().Count();

    private Refusal? QuorumObstacle(Room room, Seat asker, IReadOnlyList<Target>? asked) =>
        Deciders(room, asker, asked) is var deciders && deciders >= (Quorum ?? 1) ? null
        : Refusals.ValidationFailed.Because($"quorum is {Quorum ?? 1}, and {deciders} other principals that are asked have an agent with a "
            + "seat here: it could never be reached.") with
        {
            Reason = "quorum_unreachable",
            Unlock = "Ask for fewer, ask more principals, or have their agents given seats first. Your own principal never counts.",
        };

    private static Refusal? TooManyOpen(Room room, Guid seatID, RoomLimits limits, DateTimeOffset now) =>
        CountOf(room, ask => ask.Asker.SeatID == seatID && ask.IsOver && !ask.IsForgotten(now))
            .Exceeded(RankOf(limits), 1, limits.RememberedAsksPerSeat) is var (over, remembered)
            ? Refusals.ResourceLimitExceeded with
            {
                Cap = new("remembered_asks", over, remembered, $"Asks that are over are remembered for {Ask.Memory.TotalDays} days, and of "
                    + $"the same readers the newest {Room.MaxAsksThatAreOver}. Ask those you asked before."),
            }
        : CountOf(room, ask => ask.Asker.SeatID == seatID && !ask.IsOver).Exceeded(RankOf(limits), 1, limits.OpenAsksPerSeat)
            is var (open, most)
            ? Refusals.ResourceLimitExceeded with
            { Cap = new("open_asks", open, most, "Accept what was answered, or withdraw what is not needed any more.") }
            : null;

    // All of one seat: whether it is a guest's is all the same, only the tokens count.
    private static Rank RankOf(RoomLimits limits) => new(IsGuest: false, limits.OfAsk.TokensAbove);

    private static Count CountOf(Room room, Func<Ask, bool> which) =>
        room.Asks.Values.Where(which).Aggregate(Count.None, (count, ask) => count.And(ask.Rank with { IsGuest = false }, 1));

    private Refusal? Bounds(DateTimeOffset now) =>
        DueAt <= now ? Refusals.ValidationFailed.Because("due_at must lie in the future.")
        : Quorum is < 1 or > MaxQuorum ? Refusals.ValidationFailed.Because($"quorum must be 1 to {MaxQuorum}.")
        : ValidFor < TimeSpan.FromSeconds(1) || ValidFor > TimeSpan.FromDays(30) ? Refusals.ValidationFailed.Because(
            "valid_seconds must be 1 to 2592000.")
        : !AskKinds.Of(Request.Kind).IsDecided && (Quorum is not null || ValidFor is not null) ? Refusals.ValidationFailed.Because(
            $"quorum and valid_seconds are for {AskKinds.Many(kind => kind.IsDecided)}.")
        : null;

    private JsonObject Data()
    {
        var data = Request.Json();
        data["due_at"] = DueAt?.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        data["quorum"] = AskKinds.Of(Request.Kind).IsDecided ? Quorum ?? 1 : null;
        return data;
    }
}
