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
public sealed record OperatorAppointed(string Label);

/// <summary>An operator may no longer do anything.</summary>
public sealed record OperatorDismissed;

/// <summary>Facts of a room's record are shown to the auditor or operator; recorded before they are.</summary>
/// <param name="RoomID">Which room's.</param>
/// <param name="From">The first version shown.</param>
/// <param name="To">The last version shown.</param>
/// <param name="Contents">Whether with contents.</param>
public sealed record RecordRead(Guid RoomID, long From, long To, bool Contents);
