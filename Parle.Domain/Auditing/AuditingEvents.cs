using Parle.Domain.Contents;

namespace Parle.Domain.Auditing;

// Each auditor and each operator has a stream of its own: its appointment, its reads and its dismissal.

/// <summary>An auditor may read a room's record from now on.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Contents">Whether with contents, or only with the facts about them.</param>
/// <param name="ExpiresAt">The end of the appointment; null for no end.</param>
/// <param name="Label">The owner's label, as a digest; null for none. Its text lies in contents, under the stream's id.</param>
public sealed record AuditorAppointed(Guid RoomID, bool Contents, DateTimeOffset? ExpiresAt, Commitment? Label);

/// <summary>An auditor may no longer read.</summary>
public sealed record AuditorDismissed;

/// <summary>An operator may run the service from now on: provision, list rooms, and read records without contents.</summary>
/// <param name="Label">Its label, see <see cref="AppointOperator"/>.</param>
/// <param name="ExpiresAt">The end of the appointment; null for appointments from before there was an end.</param>
public sealed record OperatorAppointed(string Label, DateTimeOffset? ExpiresAt = null);

/// <summary>An operator may no longer do anything.</summary>
public sealed record OperatorDismissed;

/// <summary>
/// Facts of a room's record are shown to an auditor, an operator or the room's owner. This is recorded before they are shown.
/// </summary>
/// <param name="RoomID">The room.</param>
/// <param name="From">The first version shown; 0 when nothing matched.</param>
/// <param name="To">The last version shown; 0 when nothing matched.</param>
/// <param name="Contents">Whether with contents.</param>
/// <param name="Filter">The filter of the query; null for all facts between the first and the last.</param>
/// <param name="Facts">The number of facts shown; null for all between the first and the last.</param>
public sealed record RecordRead(Guid RoomID, long From, long To, bool Contents, RecordFilter? Filter = null, int? Facts = null);

/// <summary>
/// Facts of the service's whole record are shown to an operator, without contents. This is recorded before they are shown.
/// </summary>
/// <param name="From">The first position shown; 0 when nothing matched.</param>
/// <param name="To">The last position shown; 0 when nothing matched.</param>
/// <param name="Filter">The filter of the query; null for all facts.</param>
/// <param name="Facts">The number of facts shown.</param>
/// <param name="Rooms">The rooms whose facts were shown. Their owners see that.</param>
public sealed record WholeRecordRead(long From, long To, RecordFilter? Filter, int Facts, IReadOnlyList<Guid> Rooms);

/// <summary>
/// The read ledger, or a preview of a view, is shown to a room's owner or an auditor. This is recorded before it is shown.
/// </summary>
/// <param name="RoomID">The room.</param>
/// <param name="Question">The question: <c>witnesses</c> of a fact, the <c>ledger</c> of a seat, or a <c>preview</c>.</param>
/// <param name="Contents">Whether with contents.</param>
/// <param name="SeatID">The seat in question; null for another question.</param>
/// <param name="FactID">The fact in question; null for another question.</param>
public sealed record LedgerRead(Guid RoomID, string Question, bool Contents, Guid? SeatID = null, Guid? FactID = null);
