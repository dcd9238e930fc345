using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Domain.Auditing;

/// <summary>Lets somebody read a room's record.</summary>
/// <param name="Owner">Who does: only the room's owner can.</param>
/// <param name="RoomID">Which room's.</param>
/// <param name="Contents">Whether with what participants said.</param>
/// <param name="ExpiresAt">Until when; null for no bound.</param>
/// <param name="Label">What the owner calls it; null for nothing.</param>
public sealed record AppointAuditor(Member Owner, Guid RoomID, bool Contents, DateTimeOffset? ExpiresAt, Content? Label)
{
    /// <summary>Why somebody cannot decide who audits the room; null when it can.</summary>
    public static Refusal? Obstacle(Room? room, Member member) => member.Obstacle(room, right: null);

    /// <summary>Decides.</summary>
    public Decision Decide(Room? room, DateTimeOffset now) =>
        Obstacle(room, Owner) is { } refusal ? refusal
        : ExpiresAt <= now ? Refusals.ValidationFailed.Because("ttl_seconds must be 1 or more.")
        : Decision.Record(new AuditorAppointed(RoomID, Contents, ExpiresAt, Label?.Commitment));
}
