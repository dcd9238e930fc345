using Parle.Domain.Contents;

namespace Parle.Domain.Auditing;

// Each auditor and each operator has a stream of its own: how it came, what it read, how it went.

/// <summary>Somebody may read a room's record from now on.</summary>
/// <param name="RoomID">Which room's.</param>
/// <param name="Contents">Whether with what participants said, or only that they did.</param>
/// <param name="ExpiresAt">Until when; null for no bound.</param>
/// <param name="Label">What the owner calls it, as a digest; null for nothing. The words lie in contents, under the stream's id.</param>
public sealed record AuditorAppointed(Guid RoomID, bool Contents, DateTimeOffset? ExpiresAt, Commitment? Label);

/// <summary>An auditor may no longer read.</summary>
public sealed record AuditorDismissed;

/// <summary>Somebody may run the service from now on: provision, see which rooms there are, read records without contents.</summary>
/// <param name="Label">What it is called, see <see cref="AppointOperator"/>.</param>
/// <param name="ExpiresAt">Until when; null for one who was appointed before there was an end.</param>
public sealed record OperatorAppointed(string Label, DateTimeOffset? ExpiresAt = null);

/// <summary>An operator may no longer do anything.</summary>
public sealed record OperatorDismissed;

/// <summary>Facts of a room's record are shown to an auditor, an operator or the room's owner; recorded before they are.</summary>
/// <param name="RoomID">Which room's.</param>
/// <param name="From">The first version shown; 0 when nothing matched.</param>
/// <param name="To">The last version shown; 0 when nothing matched.</param>
/// <param name="Contents">Whether with contents.</param>
/// <param name="Filter">Which facts were looked for; null for all between the first and the last.</param>
/// <param name="Facts">How many were shown; null for all between the first and the last.</param>
public sealed record RecordRead(Guid RoomID, long From, long To, bool Contents, RecordFilter? Filter = null, int? Facts = null);

/// <summary>Facts of the service's whole record are shown to an operator, without contents; recorded before they are.</summary>
/// <param name="From">The first position shown; 0 when nothing matched.</param>
/// <param name="To">The last position shown; 0 when nothing matched.</param>
/// <param name="Filter">Which facts were looked for; null for all.</param>
/// <param name="Facts">How many were shown.</param>
/// <param name="Rooms">Of which rooms facts were shown: their owners see that.</param>
public sealed record WholeRecordRead(long From, long To, RecordFilter? Filter, int Facts, IReadOnlyList<Guid> Rooms);

/// <summary>What somebody was shown, or would be shown, is told to a room's owner or an auditor; recorded before it is.</summary>
/// <param name="RoomID">In which room.</param>
/// <param name="Question">What was asked: <c>witnesses</c> of a fact, the <c>ledger</c> of a seat, or a <c>preview</c>.</param>
/// <param name="Contents">Whether with contents.</param>
/// <param name="SeatID">About which seat; null for another question.</param>
/// <param name="FactID">About which fact; null for another question.</param>
public sealed record LedgerRead(Guid RoomID, string Question, bool Contents, Guid? SeatID = null, Guid? FactID = null);
