using Parle.Domain.Contents;

namespace Parle.Domain.Rooms;

// All events of a room's stream, in the order of a room's life. The event's metadata holds the attribution, the time and the placement in
// its readers' views.

/// <summary>The room exists from now on.</summary>
public sealed record RoomOpened(Guid OwnerID, string? Handle, RoomKind Kind);

/// <summary>A principal, or one of its agents, may take part from now on.</summary>
public sealed record SeatAdmitted(Guid SeatID, Guid PrincipalID, Guid? AgentID, History History)
{
    /// <summary>The way by which it came; null for a seat that a member or an operator gave, and from before it was kept.</summary>
    public SeatOrigin? Origin { get; init; }
}

/// <summary>The way by which somebody came to a seat.</summary>
/// <param name="Way">The kind of invitation.</param>
/// <param name="InviterID">The principal that vouched for it.</param>
/// <param name="IsGuest">Whether it is a guest of that principal, see <see cref="Seat.IsGuest"/>.</param>
public sealed record SeatOrigin(SeatWay Way, Guid InviterID, bool IsGuest);

/// <summary>The kind of invitation by which somebody came.</summary>
public enum SeatWay
{
    /// <summary>An invitation to a person or an agent.</summary>
    Invitation,

    /// <summary>A join key.</summary>
    JoinKey,
}

/// <summary>A seat has one more right from now on, see <see cref="Rights"/>.</summary>
public sealed record RightGranted(Guid SeatID, string Right);

/// <summary>A seat has a right no longer.</summary>
public sealed record RightRevoked(Guid SeatID, string Right);

/// <summary>A session of a seated agent entered.</summary>
public sealed record ParticipantEntered(Guid ParticipantID, Guid SeatID, Guid AgentSessionID, string Address, DateTimeOffset ExpiresAt);

/// <summary>A message. Its content lies under <paramref name="MessageID"/>.</summary>
/// <param name="MessageID">The message.</param>
/// <param name="AuthorID">The participant who spoke.</param>
/// <param name="Content">The content, as a digest.</param>
/// <param name="Addressing">The audience.</param>
/// <param name="AuthorAlias">The alias under which it spoke; null for none.</param>
/// <param name="Reply">Its place in an exchange of replies; null when it begins one.</param>
public sealed record MessageSubmitted(
    Guid MessageID, Guid AuthorID, Commitment Content, Addressing Addressing, string? AuthorAlias = null, ReplyLink? Reply = null);

/// <summary>Content was erased for good. Its digests stay on the record.</summary>
/// <param name="FactID">The fact with that content.</param>
/// <param name="Contents">The ids of the content.</param>
/// <param name="Reason">The reason.</param>
/// <param name="BySeatID">The redacting seat.</param>
/// <param name="Readers">The seats that may know: those that could read the content; null for all.</param>
public sealed record ContentRedacted(
    Guid FactID, IReadOnlyList<Guid> Contents, RedactionReason Reason, Guid BySeatID, IReadOnlyList<Guid>? Readers = null);

/// <summary>A participant is no longer present, because its session ended.</summary>
public sealed record ParticipantLeft(Guid ParticipantID);

/// <summary>A session was removed from the room, and cannot enter again with this seat.</summary>
public sealed record ParticipantRemoved(Guid ParticipantID);

/// <summary>A seat ended. Its view stays where it stood. A later admission gives another seat, with a view of its own.</summary>
public sealed record SeatRemoved(Guid SeatID);

/// <summary>The room is closed for good, and all its seats with it. Its facts stay on the record.</summary>
public sealed record RoomArchived;

/// <summary>The facts before this one came from another service. They can be read here, and the room takes no others.</summary>
/// <param name="Name">That service's name in its signatures.</param>
/// <param name="Facts">The number of imported facts.</param>
/// <param name="Root">The root over them (RFC 6962 §2.1), in base64.</param>
public sealed record RoomImported(string Name, long Facts, string Root);

/// <summary>The kind of a room: the principals that can get a seat.</summary>
public enum RoomKind
{
    /// <summary>The owner and its own agents.</summary>
    Private,

    /// <summary>Anybody that the owner admits.</summary>
    Shared,
}

/// <summary>The start of a seat's view of the room. It is fixed at admission, since a change would renumber a view that was read.</summary>
public enum History
{
    /// <summary>After the seat was admitted.</summary>
    FromAdmission,

    /// <summary>At the room's first row.</summary>
    All,
}
