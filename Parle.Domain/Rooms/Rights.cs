namespace Parle.Domain.Rooms;

/// <summary>The rights a seat can have beside taking part. The owner's principal has all of them.</summary>
public static class Rights
{
    /// <summary>Invite people and agents.</summary>
    public const string InviteMembers = "invite_members";

    /// <summary>Revoke invitations that were not accepted.</summary>
    public const string RevokeInvites = "revoke_invites";

    /// <summary>Remove seats and participants.</summary>
    public const string RemoveMembers = "remove_members";

    /// <summary>The name that stands for all of them.</summary>
    public const string AdminBundle = "admin";

    /// <summary>Names reserved for later. They allow nothing and cannot be granted.</summary>
    public static IReadOnlyList<string> Reserved { get; } =
        ["edit_room_details", "manage_room_policy", "manage_rights", "change_retention", "archive_room"];

    /// <summary>Every right that can be granted.</summary>
    public static IReadOnlyList<string> All { get; } = [InviteMembers, RevokeInvites, RemoveMembers];
}
