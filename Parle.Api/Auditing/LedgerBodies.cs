using System.Text.Json.Serialization;
using Parle.Api.Reading;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>In whose views a fact stands, and who of them has been shown it.</summary>
/// <param name="RoomID">In which room.</param>
/// <param name="EventID">Which fact.</param>
/// <param name="Witnesses">The seats, in the order of their ids; none for a fact that is nobody's row.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record WitnessList(Guid RoomID, Guid EventID, IReadOnlyList<WitnessView> Witnesses, Guid? Next)
{
    /// <summary>One, as it is sent.</summary>
    public static WitnessList Example { get; } = new(
        EnteredRoom.Example.RoomID, ProjectionRow.Example.EventID,
        [new(SeatedAgent.Example.SeatID, "@bob.helper", 7, new(2026, 8, 17, 10, 0, 1, TimeSpan.Zero), LedgerRow.Example.SessionID)], null);
}

/// <summary>A seat in whose view a fact stands.</summary>
/// <param name="SeatID">Which seat.</param>
/// <param name="Address">Whose.</param>
/// <param name="Seq">Where in its view.</param>
/// <param name="ShownAt">When it was shown there first; null when it was not yet.</param>
/// <param name="SessionID">By which session it was read; null likewise.</param>
public sealed record WitnessView(Guid SeatID, string Address, long Seq, DateTimeOffset? ShownAt, Guid? SessionID)
{
    /// <summary>The answer about a witness.</summary>
    public static WitnessView Of(Witness witness) =>
        new(witness.SeatID, witness.Address, witness.Seq, witness.First?.At, witness.First?.SessionID);
}

/// <summary>What a seat had been shown.</summary>
/// <param name="RoomID">In which room.</param>
/// <param name="SeatID">Which seat.</param>
/// <param name="Address">Whose.</param>
/// <param name="At">By when.</param>
/// <param name="Shown">Positions of its view that were laid open to it, or that it passed over with its cursor, in order: those that begin
/// in this page or reach into it.</param>
/// <param name="Rows">A page of the rows that stand there.</param>
/// <param name="NextPage">Pass it back as <c>after</c>; null when there was no more.</param>
public sealed record SeatLedger(
    Guid RoomID, Guid SeatID, string Address, DateTimeOffset At, IReadOnlyList<ShownRange> Shown, IReadOnlyList<LedgerRow> Rows,
    [property: JsonPropertyName("next")] long? NextPage)
{
    /// <summary>One, as it is sent.</summary>
    public static SeatLedger Example { get; } = new(
        EnteredRoom.Example.RoomID, SeatedAgent.Example.SeatID, "@bob.helper", new(2026, 8, 17, 12, 0, 0, TimeSpan.Zero), [new(1, 7)],
        [LedgerRow.Example], null);
}

/// <summary>A row that was shown, by reference and digest.</summary>
/// <param name="Seq">Its position in the view.</param>
/// <param name="EventID">Which fact.</param>
/// <param name="EventType">Its name.</param>
/// <param name="Leaf">Its digest, hex: that of the fact in the log of the view (RFC 6962).</param>
/// <param name="ShownAt">When it was shown first.</param>
/// <param name="SessionID">By which session it was read then.</param>
/// <param name="Row">The row as it was shown then, but for the fence, which is drawn anew; absent unless asked for with <c>rows=true</c> by
/// somebody who may see words. What is erased since is missing.</param>
public sealed record LedgerRow(
    long Seq, Guid EventID, string EventType, string Leaf, DateTimeOffset ShownAt, Guid SessionID,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProjectionRow? Row)
{
    /// <summary>One, as it is sent.</summary>
    public static LedgerRow Example { get; } = new(
        7, ProjectionRow.Example.EventID, "message_submitted", "97bd7e2f831f5fbadef1a4a09c2b115770318933d26227cfe907205d1d9c578b",
        new(2026, 8, 17, 10, 0, 1, TimeSpan.Zero), new("019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"), null);
}
