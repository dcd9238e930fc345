using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Database;
using Parle.Api.Reading;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;

namespace Parle.Api.Rooms;

/// <summary>What there is to know of a room beside what was said in it.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Kind">Who can have a seat.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="Archived">Whether it is closed for good.</param>
/// <param name="Version">How far the caller's own view of it is.</param>
/// <param name="Owner">Whose room it is.</param>
/// <param name="Caller">The caller's own seat.</param>
/// <param name="Roster">Who has a seat.</param>
/// <param name="Moderation">Whether what is said is looked through.</param>
/// <param name="Retention">How long it is kept.</param>
/// <param name="Invitations">Whether others can be invited.</param>
public sealed record RoomDetails(
    Guid RoomID, RoomKind Kind, DateTimeOffset CreatedAt, bool Archived, DetailsVersion Version, DetailsPerson Owner, DetailsCaller Caller,
    DetailsRoster Roster, DetailsModeration Moderation, DetailsRetention Retention, DetailsInvitations Invitations)
{
    /// <summary>An answer as it is sent.</summary>
    public static RoomDetails Example { get; } = new(
        EnteredRoom.Example.RoomID, RoomKind.Shared, new(2026, 8, 17, 9, 0, 0, TimeSpan.Zero), false, new(Generation.First, 7),
        DetailsPerson.Example,
        new(CreatedRoom.Example.SeatID, "principal", true, Rights.All, "owner"),
        new(
            [new(
                CreatedRoom.Example.SeatID, DetailsPerson.Example.PrincipalID, "alice", "Alice", new(2026, 8, 17, 9, 0, 0, TimeSpan.Zero))],
            [new(SeatedAgent.Example.SeatID, SeatedAgent.Example.AgentID, "builder", "builder", DetailsPerson.Example,
                SeatedAgent.Example.AdmittedAt)
            { Address = "@alice.builder", LiveSessions = 1, LastSeenAt = new(2026, 8, 17, 10, 5, 0, TimeSpan.Zero) }]),
        new(false, null), new("full_history"), new(true));
}

/// <summary>How far the caller's view of a room is.</summary>
/// <param name="Generation">The stream's incarnation.</param>
/// <param name="Watermark">The last <c>seq</c> of that view.</param>
public sealed record DetailsVersion(string Generation, long Watermark);

/// <summary>A person or organisation.</summary>
/// <param name="PrincipalID">Which.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
public sealed record DetailsPerson(Guid PrincipalID, string Handle, string DisplayName)
{
    /// <summary>What to know before trusting the looks of the display name.</summary>
    public SafetyFacts SafetyFacts => SafetyFacts.Of(DisplayName);

    internal static DetailsPerson Example { get; } = new(new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"), "alice", "Alice");
}

/// <summary>The caller's own seat.</summary>
/// <param name="SeatID">Which seat.</param>
/// <param name="SeatType"><c>principal</c> or <c>agent</c>.</param>
/// <param name="IsOwner">Whether the room is its principal's; a guest of the owner does not own it.</param>
/// <param name="Rights">What it may do beside taking part; an agent also needs a token with the scope.</param>
/// <param name="SeatClass"><c>owner</c>, <c>admin</c> with all rights, or <c>ordinary</c>.</param>
public sealed record DetailsCaller(Guid SeatID, string SeatType, bool IsOwner, IReadOnlyList<string> Rights, string SeatClass)
{
    /// <summary>
    /// Whether it is a guest of its principal: it takes part for it, and neither manages nor decides as it. Absent when not.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Guest { get; init; }

    internal static DetailsCaller Of(Seat seat, Room room)
    {
        var owns = new Member(seat.PrincipalID, seat.AgentID).Owns(room);
        return new(
            seat.SeatID, seat.AgentID is null ? "principal" : "agent", owns, owns ? Domain.Rooms.Rights.All : [.. seat.Rights],
            owns ? "owner" : Domain.Rooms.Rights.All.All(seat.Has) ? "admin" : "ordinary")
        { Guest = seat.IsGuest };
    }
}

/// <summary>Who has a seat.</summary>
/// <param name="PrincipalSeats">People and organisations.</param>
/// <param name="AgentSeats">Agents.</param>
/// <param name="Omitted">How many seats are not shown, because the list is too long; absent when all are. The caller's own, and those of
/// its principal's agents, come first.</param>
public sealed record DetailsRoster(
    IReadOnlyList<PrincipalSeat> PrincipalSeats, IReadOnlyList<AgentSeat> AgentSeats,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Omitted = 0)
{
    // A client takes 64 KiB; what else there is takes less than two.
    private const int MaxBytes = 60 * 1024;

    /// <summary>As many of <paramref name="seats"/> as fit, out of <paramref name="count"/>.</summary>
    internal static DetailsRoster Of(IEnumerable<object> seats, long count)
    {
        var (people, agents, bytes) = (new List<PrincipalSeat>(), new List<AgentSeat>(), 0);
        foreach (var seat in seats)
        {
            bytes += JsonSerializer.SerializeToUtf8Bytes(seat, seat.GetType(), WireJson.Options).Length + 1;
            if (bytes > MaxBytes)
            {
                break;
            }

            if (seat is AgentSeat agent)
            {
                agents.Add(agent);
            }
            else
            {
                people.Add((PrincipalSeat)seat);
            }
        }

        return new([.. people.OrderBy(seat => seat.AdmittedAt)], [.. agents.OrderBy(seat => seat.AdmittedAt)],
            count - people.Count - agents.Count);
    }
}

/// <summary>The seat of a person or organisation.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="PrincipalID">Whose.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="DisplayName">How it is shown.</param>
/// <param name="AdmittedAt">Since when.</param>
public sealed record PrincipalSeat(Guid SeatID, Guid PrincipalID, string Handle, string DisplayName, DateTimeOffset AdmittedAt)
{
    /// <summary>Its address.</summary>
    public string Address => $"@{Handle}";

    /// <summary>Who vouched for it, and by which way it came; absent where a member or an operator gave the seat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowAdmission? Admission { get; init; }

    /// <summary>What to know before trusting the looks of the display name.</summary>
    public SafetyFacts SafetyFacts => SafetyFacts.Of(DisplayName);
}

/// <summary>The seat of an agent.</summary>
/// <param name="SeatID">The seat.</param>
/// <param name="AgentID">Whose.</param>
/// <param name="DisplayName">How it is shown.</param>
/// <param name="AgentHandle">Its handle.</param>
/// <param name="Controller">For whom it acts.</param>
/// <param name="AdmittedAt">Since when.</param>
/// <param name="Guest">Whether it came by a join key without credentials of its own: it never decides as its controller. Absent when
/// not.</param>
public sealed record AgentSeat(
    Guid SeatID, Guid AgentID, string DisplayName, string AgentHandle, DetailsPerson Controller, DateTimeOffset AdmittedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Guest = false)
{
    /// <summary>Its address: what is sent there waits until one of its sessions takes it.</summary>
    public string Address { get; init; } = "";

    /// <summary>How many sessions of it live in the room.</summary>
    public int LiveSessions { get; init; }

    /// <summary>When one of these last called; null for none.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Who vouched for it, and by which way it came; absent where a member or an operator gave the seat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowAdmission? Admission { get; init; }

    /// <summary>What to know before trusting the looks of the display name.</summary>
    public SafetyFacts SafetyFacts => SafetyFacts.Of(DisplayName);
}

/// <summary>Whether what is said is looked through.</summary>
/// <param name="Scanned">Whether it is.</param>
/// <param name="PolicyVersion">By which policy; null without one.</param>
public sealed record DetailsModeration(bool Scanned, int? PolicyVersion);

/// <summary>How long what was said is kept.</summary>
/// <param name="Posture"><c>full_history</c>: as long as the room is on the record.</param>
public sealed record DetailsRetention(string Posture)
{
    /// <summary>Who can read direct messages and direct asks, beside those they are for.</summary>
    public string DirectRows =>
        "Their author's and addressees' seats see them as rows. The room's owner, and the auditors it appoints with "
        + "contents, can read them in the record; each such read is recorded.";
}

/// <summary>Whether others can be invited.</summary>
/// <param name="Supported">Whether they can.</param>
public sealed record DetailsInvitations(bool Supported);
