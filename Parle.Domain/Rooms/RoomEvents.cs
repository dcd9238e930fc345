using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

// Everything a room's stream can hold, in the order a room lives it.
// The actor, the principal, the authority, the time and the place in each reader's view are in each event's metadata.

/// <summary>The room exists from now on.</summary>
public sealed record RoomOpened(Guid OwnerID, string? Handle, RoomKind Kind);

/// <summary>A principal, or one of its agents, may take part from now on.</summary>
public sealed record SeatAdmitted(Guid SeatID, Guid PrincipalID, Guid? AgentID, History History);

/// <summary>A seat is allowed more than taking part from now on, see <see cref="Rights"/>.</summary>
public sealed record RightGranted(Guid SeatID, string Right);

/// <summary>A seat is no longer allowed what it was granted.</summary>
public sealed record RightRevoked(Guid SeatID, string Right);

/// <summary>A session of a seated agent came in.</summary>
public sealed record ParticipantEntered(Guid ParticipantID, Guid SeatID, Guid AgentSessionID, string Address, DateTimeOffset ExpiresAt);

/// <summary>Somebody said something. The words lie in contents, under <paramref name="MessageID"/>.</summary>
/// <param name="MessageID">Which message.</param>
/// <param name="AuthorID">The participant who spoke.</param>
/// <param name="Content">The words, as a digest.</param>
/// <param name="Addressing">The audience.</param>
/// <param name="AuthorAlias">The alias under which it spoke; null when it had none.</param>
/// <param name="Reply">Where it stands in an exchange of replies; null when it begins one.</param>
public sealed record MessageSubmitted(
    Guid MessageID, Guid AuthorID, Commitment Content, Addressing Addressing, string? AuthorAlias = null, ReplyLink? Reply = null);

/// <summary>Words were taken away for good. That they were said, and their digests, stay on the record.</summary>
/// <param name="FactID">The fact whose words they were.</param>
/// <param name="Contents">Under which ids they lay.</param>
/// <param name="Reason">Why.</param>
/// <param name="BySeatID">The seat that did it.</param>
/// <param name="Readers">Which seats may know: those who could read them; null for everybody.</param>
public sealed record ContentRedacted(
    Guid FactID, IReadOnlyList<Guid> Contents, RedactionReason Reason, Guid BySeatID, IReadOnlyList<Guid>? Readers = null);

/// <summary>A participant is no longer there, because its session ended.</summary>
public sealed record ParticipantLeft(Guid ParticipantID);

/// <summary>A session was sent out of the room, and does not come in again with this seat.</summary>
public sealed record ParticipantRemoved(Guid ParticipantID);

/// <summary>A seat is no more. Its view stays where it stood; who is admitted again gets another seat, with a view of its own.</summary>
public sealed record SeatRemoved(Guid SeatID);

/// <summary>The room is closed for good, and all its seats with it. What happened in it stays on the record.</summary>
public sealed record RoomArchived;

/// <summary>All earlier facts came from another service, and can be read here, not written.</summary>
/// <param name="Name">That service's name in what it signs.</param>
/// <param name="Facts">How many facts came.</param>
/// <param name="Root">The root over them (RFC 6962 §2.1), in base64.</param>
public sealed record RoomImported(string Name, long Facts, string Root);

/// <summary>Who can be given a seat.</summary>
public enum RoomKind
{
    /// <summary>The owner and its own agents.</summary>
    Private,

    /// <summary>Anybody the owner admits.</summary>
    Shared,
}

/// <summary>Where a seat's view of the room begins. Fixed at admission, since changing it would renumber a view that was read.</summary>
public enum History
{
    /// <summary>After the seat was admitted.</summary>
    FromAdmission,

    /// <summary>At the room's first row.</summary>
    All,
}
