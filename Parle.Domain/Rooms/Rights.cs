namespace Parle.Domain.Rooms;

/// <summary>What a seat can be allowed beside taking part. The owner's principal has all of it.</summary>
public static class Rights
{
    /// <summary>Invite people and agents.</summary>
    public const string InviteMembers = "invite_members";

    /// <summary>Take back invitations that were not accepted.</summary>
    public const string RevokeInvites = "revoke_invites";

    /// <summary>Remove seats and participants.</summary>
    public const string RemoveMembers = "remove_members";

    /// <summary>The name that stands for all of them.</summary>
    public const string AdminBundle = "admin";

    /// <summary>Names that are kept for later, and allow nothing: they cannot be granted.</summary>
    public static IReadOnlyList<string> Reserved { get; } =
        ["edit_room_details", "manage_room_policy", "manage_rights", "change_retention", "archive_room"];

    /// <summary>Every right that can be granted.</summary>
    public static IReadOnlyList<string> All { get; } = [InviteMembers, RevokeInvites, RemoveMembers];
}
