namespace Parle.Domain.Tokens;

/// <summary>The scopes of tokens.</summary>
public static class Scopes
{
    /// <summary>Enter the room, read and write there.</summary>
    public const string Participate = "participate";

    /// <summary>Open rooms for its principal.</summary>
    public const string CreateRoom = "create_room";

    /// <summary>Accept an invitation of its agent.</summary>
    public const string ClaimInvite = "claim_invite";

    /// <summary>Invite others to the room, where its seat or its principal may.</summary>
    public const string InviteMint = "invite_mint";

    /// <summary>Manage the room's seats, where its seat or its principal may.</summary>
    public const string RoomManage = "room_manage";

    /// <summary>Every scope there is.</summary>
    public static IReadOnlyList<string> All { get; } = [Participate, CreateRoom, ClaimInvite, InviteMint, RoomManage];
}
