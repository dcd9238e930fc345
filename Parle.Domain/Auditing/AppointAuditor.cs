using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Auditing;

/// <summary>Appoints an auditor: a reader of one room's record.</summary>
/// <param name="Owner">The member that appoints; only the room's owner can.</param>
/// <param name="RoomID">The room.</param>
/// <param name="Contents">Whether the auditor also reads contents: what participants said.</param>
/// <param name="ExpiresAt">The end of the appointment; null for no end.</param>
/// <param name="Label">The owner's label for the auditor; null for none.</param>
public sealed record AppointAuditor(Member Owner, Guid RoomID, bool Contents, DateTimeOffset? ExpiresAt, Content? Label)
{
    /// <summary>The refusal of a member that cannot appoint auditors of the room; null when it can.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, right: null);

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room, DateTimeOffset now) =>
        Obstacle(room, Owner) is { } refusal ? refusal
        : ExpiresAt <= now ? Refusals.ValidationFailed.Because("ttl_seconds must be 1 or more.")
        : Decision.Record(new AuditorAppointed(RoomID, Contents, ExpiresAt, Label?.Commitment));
}
