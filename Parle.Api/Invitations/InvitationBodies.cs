using System.ComponentModel;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Api.Invitations;

/// <summary>Invites a person.</summary>
/// <param name="Target">Whom.</param>
/// <param name="OfferedRights">What the person's seat will be allowed beside taking part.</param>
/// <param name="History">Where the person's view begins.</param>
public sealed record InvitePersonRequest(
    [property: Description("@handle, or an e-mail address.")] string? Target,
    [property: Description("invite_members, revoke_invites, remove_members: only the room's owner can offer them."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? OfferedRights = null,
    [property: Description("from_admission unless the owner says all."), Absent("\"from_admission\""),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Shape("""{"type":"string","enum":["from_admission","all"]}""")]
    History? History = null)
{
    /// <summary>One that is accepted, where there is somebody of that name.</summary>
    public static InvitePersonRequest Example { get; } = new("@bob", []);
}

/// <summary>Invites a person or an agent.</summary>
/// <param name="Target">Whom.</param>
/// <param name="SeatType">What is offered: <c>principal</c> or <c>agent</c>, as the target has it.</param>
/// <param name="AgentAdmission">For an agent.</param>
/// <param name="OfferedRights">What the seat will be allowed beside taking part.</param>
/// <param name="TtlSeconds">How long it is good.</param>
/// <param name="ClaimMode">How it is taken up.</param>
/// <param name="History">Where the view begins.</param>
public sealed record MintInviteRequest(
    InviteTarget? Target,
    [property: Description("Follows from the target."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull),
        Shape("""{"type":"string","enum":["principal","agent"]}""")] string? SeatType = null,
    [property: Description("For an agent. direct: it takes the invitation up itself. owner_approval, which is meant where nothing is said: "
        + "its principal has to agree."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Shape("""{"type":"string","enum":["direct","owner_approval"]}""")]
    AgentAdmissionMode? AgentAdmission = null,
    [property: Description("Only the room's owner can offer rights."), Unordered,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? OfferedRights = null,
    [property: Description("1 to 604800, which is meant where nothing is said."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? TtlSeconds = null,
    [property: Description("target_session. (capability is retired: mint a join key.)"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Shape("""{"type":"string","enum":["target_session","capability"]}""")]
    string? ClaimMode = null,
    [property: Description("from_admission unless the owner says all."), Absent("\"from_admission\""),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Shape("""{"type":"string","enum":["from_admission","all"]}""")]
    History? History = null)
{
    /// <summary>One that is accepted, where there is such an agent.</summary>
    public static MintInviteRequest Example { get; } = new(new InviteTarget("agent", Agent: "@bob.helper"));
}

/// <summary>Whom an invitation is for.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Handle">Of a principal.</param>
/// <param name="PrincipalID">Of a principal, instead of its handle.</param>
/// <param name="Agent">Of an agent.</param>
/// <param name="AgentID">Of an agent, instead of its address.</param>
/// <param name="Email">Of whoever reads its mail.</param>
public sealed record InviteTarget(
    [property: Description("principal, agent or email. (unbound is retired: mint a join key.)"),
        Shape("""{"type":"string","enum":["principal","agent","email","unbound"]}""")] string? Kind,
    [property: Description("A principal: its handle."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Handle = null,
    [property: Description("A principal: its id, instead of the handle."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    Guid? PrincipalID = null,
    [property: Description("An agent: @principal.agent."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Agent = null,
    [property: Description("An agent: its id, instead of the address."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    Guid? AgentID = null,
    [property: Description("An e-mail address."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Email = null);

/// <summary>Who has to agree that an agent comes in.</summary>
public enum AgentAdmissionMode
{
    /// <summary>The agent takes the invitation up itself.</summary>
    Direct,

    /// <summary>Its principal has to agree.</summary>
    OwnerApproval,
}

/// <summary>An invitation that names somebody.</summary>
/// <param name="InviteID">The invitation.</param>
/// <param name="RoomID">To which room.</param>
/// <param name="TargetKind"><c>principal</c> or <c>agent</c>.</param>
/// <param name="TargetPrincipalID">Whom it names, or whose agent.</param>
/// <param name="TargetAgentID">The agent it names; null for a person.</param>
/// <param name="AgentAdmission">Who has to agree; null for a person.</param>
/// <param name="OfferedRights">What the seat will be allowed beside taking part.</param>
/// <param name="TargetDisplay">How it is shown.</param>
/// <param name="InvitationUrl">Where it is taken up. No secret: it grants nothing to anybody else.</param>
/// <param name="ExpiresAt">When it is over.</param>
/// <param name="Replayed">Whether it was minted before, under this key.</param>
public sealed record MintedInvite(
    Guid InviteID, Guid RoomID, string TargetKind, Guid TargetPrincipalID, Guid? TargetAgentID, AgentAdmissionMode? AgentAdmission,
    IReadOnlyList<string> OfferedRights, TargetDisplay TargetDisplay, string InvitationUrl, DateTimeOffset ExpiresAt, bool Replayed)
{
    /// <summary>One, as it is sent.</summary>
    public static MintedInvite Example { get; } = new(
        new("019a7c30-5b1c-7d52-8f7a-6a1d0c9b2e10"), EnteredRoomID, "principal", new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a02"), null, null,
        [], new("bob", "Bob"), "https://parle.example/room-invitations/019a7c30-5b1c-7d52-8f7a-6a1d0c9b2e10",
        new(2026, 8, 24, 10, 0, 0, TimeSpan.Zero), false);

    internal static MintedInvite ExampleOfAgent { get; } = Example with
    {
        TargetKind = "agent",
        TargetAgentID = new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b03"),
        AgentAdmission = AgentAdmissionMode.OwnerApproval,
        TargetDisplay = new("bob", "Bob", "helper"),
    };

    private static Guid EnteredRoomID => Sessions.EnteredRoom.Example.RoomID;
}

/// <summary>How a target is shown.</summary>
/// <param name="Handle">The principal's handle.</param>
/// <param name="DisplayName">How the principal is shown.</param>
/// <param name="AgentHandle">The agent's handle; absent for a person.</param>
public sealed record TargetDisplay(
    string Handle, string DisplayName, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AgentHandle = null)
{
    /// <summary>What to know before trusting the looks of the display name.</summary>
    public SafetyFacts SafetyFacts => SafetyFacts.Of(DisplayName);
}

/// <summary>The one answer to every invitation by e-mail.</summary>
/// <param name="Status">Always <c>accepted</c>.</param>
public sealed record MailAccepted(string Status)
{
    /// <summary>The answer.</summary>
    public static MailAccepted Always { get; } = new("accepted");
}

/// <summary>An invitation, as the one it is for sees it.</summary>
/// <param name="InviteID">The invitation.</param>
/// <param name="State"><c>pending</c>, <c>accepted</c>, or <c>membership_ended</c> when the seat it brought is no more.</param>
/// <param name="RoomID">To which room.</param>
/// <param name="RoomHandle">Its handle; absent for none.</param>
/// <param name="InviterPrincipalID">Who invites.</param>
/// <param name="InviterHandle">Its handle.</param>
/// <param name="SeatType"><c>principal</c> or <c>agent</c>.</param>
/// <param name="OfferedRights">What the seat is allowed beside taking part.</param>
/// <param name="HistoryVisible">Whether it shows what was there before.</param>
/// <param name="ExpiresAt">When it is over.</param>
/// <param name="AcceptedAt">When it was accepted; absent before.</param>
/// <param name="PrincipalSeatActive">Whether the seat it brought is there.</param>
public sealed record InvitationPreview(
    Guid InviteID, string State, Guid RoomID, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RoomHandle,
    Guid InviterPrincipalID, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? InviterHandle, string SeatType,
    IReadOnlyList<string> OfferedRights, bool HistoryVisible, DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? AcceptedAt, bool PrincipalSeatActive)
{
    /// <summary>One, as it is sent.</summary>
    public static InvitationPreview Example { get; } = new(
        MintedInvite.Example.InviteID, "pending", MintedInvite.Example.RoomID, "build", Sessions.PrincipalName.Example.PrincipalID, "alice",
        "principal", [], false, MintedInvite.Example.ExpiresAt, null, false);
}

/// <summary>The body of an acceptance: nothing.</summary>
public sealed record AcceptRequest
{
    /// <summary>An empty object.</summary>
    public static AcceptRequest Example { get; } = new();
}

/// <summary>A guest that has a seat now.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="SeatID">The seat.</param>
/// <param name="ParticipantID">The seat's own id as somebody who takes part: the same for ever.</param>
/// <param name="State">Always <c>seated</c>.</param>
public sealed record Seated(Guid RoomID, Guid SeatID, Guid ParticipantID, string State)
{
    /// <summary>One, as it is sent.</summary>
    public static Seated Example { get; } = Of(MintedInvite.Example.RoomID, new("019a7c31-1f3a-7d52-8f7a-6a1d0c9b2e11"));

    /// <summary>The answer to whoever has <paramref name="seatID"/>.</summary>
    public static Seated Of(Guid roomID, Guid seatID) => new(roomID, seatID, NameBased.ID("participant", seatID.ToString()), "seated");
}

/// <summary>A guest that waits until somebody agrees.</summary>
/// <param name="State">Always <c>waiting</c>.</param>
/// <param name="RetryAfterMs">When to ask again.</param>
/// <param name="Next">What to do meanwhile.</param>
public sealed record WaitingGuest(string State, int RetryAfterMs, string Next)
{
    /// <summary>The answer.</summary>
    public static WaitingGuest Example { get; } = new(
        "waiting", 5000, "Your principal has to agree. Send the same request again until it did.");
}

/// <summary>Those who wait to be let in.</summary>
/// <param name="Admissions">The oldest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record AdmissionList(IReadOnlyList<AdmissionView> Admissions, Guid? Next)
{
    /// <summary>One, as it is sent.</summary>
    public static AdmissionList Example { get; } = new([AdmissionView.Example], null);
}

/// <summary>Somebody who waits to be let in.</summary>
/// <param name="AdmissionID">Decide under this id; it is the invitation's or the join key's.</param>
/// <param name="Kind"><c>agent</c>: an agent of yours was invited. <c>join_key</c>: somebody uses a key to a room where you may
/// invite.</param>
/// <param name="RoomID">Which room.</param>
/// <param name="RoomHandle">Its handle; null for none.</param>
/// <param name="AgentID">Which agent; null for one that is not there yet.</param>
/// <param name="AgentHandle">Its handle.</param>
/// <param name="PrincipalID">For whom it will act.</param>
/// <param name="InviterPrincipalID">Who invited it, or made the key.</param>
/// <param name="RequestedAt">Since when it waits.</param>
/// <param name="ExpiresAt">Until when you can decide.</param>
public sealed record AdmissionView(
    Guid AdmissionID, string Kind, Guid RoomID, string? RoomHandle, Guid? AgentID, string? AgentHandle, Guid? PrincipalID,
    Guid InviterPrincipalID, DateTimeOffset? RequestedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>One, as it is sent.</summary>
    public static AdmissionView Example { get; } = new(
        MintedInvite.Example.InviteID, "join_key", MintedInvite.Example.RoomID, "build", null, "guest-0c9b2e10",
        Sessions.PrincipalName.Example.PrincipalID, Sessions.PrincipalName.Example.PrincipalID, new(2026, 8, 17, 10, 5, 0, TimeSpan.Zero),
        new(2026, 8, 18, 10, 0, 0, TimeSpan.Zero));
}

/// <summary>Lets somebody in, or not.</summary>
/// <param name="Decision">Which of the two.</param>
public sealed record DecideAdmissionRequest(
    [property: Description("approve or deny. Denied is denied: mint another invitation to change your mind."),
        Shape("""{"type":"string","enum":["approve","deny"]}""")] string? Decision)
{
    /// <summary>One that is accepted.</summary>
    public static DecideAdmissionRequest Example { get; } = new("approve");
}

/// <summary>What was decided.</summary>
/// <param name="AdmissionID">About whom.</param>
/// <param name="State"><c>approved</c> or <c>denied</c>.</param>
public sealed record DecidedAdmission(Guid AdmissionID, string State)
{
    /// <summary>One, as it is sent.</summary>
    public static DecidedAdmission Example { get; } = new(MintedInvite.Example.InviteID, "approved");
}
