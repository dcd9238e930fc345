using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Api.Wire;
using Parle.Domain.Contents;
using Parle.Projections.Auditing;

namespace Parle.Api.Auditing;

/// <summary>Appoints an auditor.</summary>
/// <param name="Label">What you call it.</param>
/// <param name="Contents">Whether it reads what participants said.</param>
/// <param name="TtlSeconds">How long.</param>
public sealed record AppointAuditorRequest(
    [property: Description("What you call it, 1 to 100 characters."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Label = null,
    [property: Description("Whether it reads what participants said, direct messages too. Absent: only that they did."), Absent("false"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Contents = null,
    [property: Description("How long it may read, 1 to 31536000 seconds. Absent: until it is revoked."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? TtlSeconds = null)
{
    /// <summary>The longest time.</summary>
    public const int MaxTtlSeconds = 31_536_000;

    /// <summary>One that is accepted.</summary>
    public static AppointAuditorRequest Example { get; } = new("year's end", false, 604800);
}

/// <summary>An auditor, with its token.</summary>
/// <param name="AuditorID">Which auditor.</param>
/// <param name="RoomID">Which room's.</param>
/// <param name="Contents">Whether it reads what participants said.</param>
/// <param name="ExpiresAt">Until when; null for no bound.</param>
/// <param name="Token">The token, shown again only to this <c>Idempotency-Key</c>.</param>
/// <param name="Curl">How the record is read, to paste into a terminal.</param>
/// <param name="Replayed">Whether it was appointed before, under this <c>Idempotency-Key</c>.</param>
public sealed record AppointedAuditor(
    Guid AuditorID, Guid RoomID, bool Contents, DateTimeOffset? ExpiresAt, string Token, string Curl, bool Replayed)
{
    /// <summary>One, as it is sent, but for the token.</summary>
    public static AppointedAuditor Example { get; } = new(
        new("019a7c40-2a11-7c3b-8c45-2d7f9b3e5a01"), EnteredRoom.Example.RoomID, false, new(2026, 8, 24, 10, 0, 0, TimeSpan.Zero),
        "parle_aud_…", "curl -sS 'https://parle.example/v/rooms/…/record' …", false);
}

/// <summary>A room's auditors.</summary>
/// <param name="Auditors">Newest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record AuditorList(IReadOnlyList<AuditorView> Auditors, Guid? Next)
{
    /// <summary>One, as it is sent.</summary>
    public static AuditorList Example { get; } = new([new(AppointedAuditor.Example.AuditorID, "year's end", false,
        new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero), AppointedAuditor.Example.ExpiresAt, null)], null);
}

/// <summary>An auditor, without its token.</summary>
/// <param name="AuditorID">Which auditor.</param>
/// <param name="Label">What it is called; null for nothing.</param>
/// <param name="Contents">Whether it reads what participants said.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">Until when; null for no bound.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
public sealed record AuditorView(
    Guid AuditorID, string? Label, bool Contents, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    /// <summary>What to know before trusting the looks of the label; null for none.</summary>
    public SafetyFacts? SafetyFacts => Label is null ? null : SafetyFacts.Of(Label);
}

/// <summary>Who read the record, and what of it.</summary>
/// <param name="Reads">In the order in which they happened.</param>
/// <param name="NextPage">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record RecordReadList(IReadOnlyList<RecordReadView> Reads, [property: JsonPropertyName("next")] Guid? NextPage)
{
    /// <summary>One, as it is sent.</summary>
    public static RecordReadList Example { get; } = new(
        [new(new("019a7c41-2a11-7c3b-8c45-2d7f9b3e5a01"), "auditor", AppointedAuditor.Example.AuditorID, "record", 1, 42, false,
            new(2026, 8, 17, 11, 0, 0, TimeSpan.Zero), null, null)], null);
}

/// <summary>One look at the record; written down before it was answered.</summary>
/// <param name="EventID">The fact that says so.</param>
/// <param name="Reader"><c>owner</c>, <c>auditor</c> or <c>operator</c>.</param>
/// <param name="ReaderID">Which one.</param>
/// <param name="Question">What it looked at: <c>record</c>, <c>whole_record</c> (of all rooms), <c>witnesses</c>, <c>ledger</c> or
/// <c>preview</c>.</param>
/// <param name="From">The first version shown; 0 where versions do not say what was.</param>
/// <param name="To">The last version shown.</param>
/// <param name="Contents">Whether with what participants said.</param>
/// <param name="ReadAt">When.</param>
/// <param name="Filter">Which facts it looked for; null for all between the first and the last.</param>
/// <param name="Facts">How many facts it was shown; null for all between the first and the last.</param>
public sealed record RecordReadView(
    Guid EventID, string Reader, Guid ReaderID, string Question, long From, long To, bool Contents, DateTimeOffset ReadAt,
    [property: Shape(ShapeAttribute.AnyObjectOrNull)] JsonElement? Filter, long? Facts);

/// <summary>A page of a room's record.</summary>
/// <param name="RoomID">Which room's.</param>
/// <param name="Facts">In the order in which they were recorded.</param>
/// <param name="NextPage">Pass it back as <c>after</c>; null when there was no more.</param>
public sealed record RoomRecord(Guid RoomID, IReadOnlyList<RecordFact> Facts, [property: JsonPropertyName("next")] long? NextPage)
{
    /// <summary>One, as it is sent.</summary>
    public static RoomRecord Example { get; } = new(EnteredRoom.Example.RoomID, [RecordFact.Example], null);
}

/// <summary>A page of the service's whole record.</summary>
/// <param name="Facts">In the order in which they were recorded.</param>
/// <param name="NextPage">Pass it back as <c>after</c>; null when there was no more.</param>
/// <param name="Index">How far the record is settled, which is as far as it is shown: beyond that a fact may yet come before one that is
/// there.</param>
public sealed record WholeRecord(IReadOnlyList<RecordFact> Facts, [property: JsonPropertyName("next")] long? NextPage, IndexState Index)
{
    /// <summary>One, as it is sent.</summary>
    public static WholeRecord Example { get; } = new(
        [RecordFact.Example with { Position = 4, StreamID = EnteredRoom.Example.RoomID, RoomID = EnteredRoom.Example.RoomID }], null,
        IndexState.Example);
}

/// <summary>How far something has come that follows the whole record.</summary>
/// <param name="Upto">The position up to which it has everything.</param>
/// <param name="Behind">How many facts lie beyond that; more than 10000 are not counted.</param>
/// <param name="SecondsBehind">For how long the oldest of them has been waiting.</param>
public sealed record IndexState(long Upto, long Behind, double SecondsBehind)
{
    /// <summary>One, as it is sent.</summary>
    public static IndexState Example { get; } = new(4200, 0, 0);

    /// <summary>The state that clients are told.</summary>
    public static IndexState Of(ViewProgress progress) => new(progress.Upto, progress.Behind, progress.SecondsBehind);
}

/// <summary>The last line of a record that was sent as NDJSON, and is whole.</summary>
/// <param name="End">True.</param>
/// <param name="NextPage">Pass it back as <c>after</c> to learn what came since.</param>
/// <param name="Index">How far the whole record is settled; null for one room's.</param>
public sealed record RecordEnd(bool End, [property: JsonPropertyName("next")] long NextPage, IndexState? Index);

/// <summary>The last line of a record that was sent as NDJSON, and broke off.</summary>
/// <param name="Error">What went wrong.</param>
/// <param name="NextPage">Pass it back as <c>after</c> to go on.</param>
public sealed record BrokenRecord(ErrorBody Error, [property: JsonPropertyName("next")] long NextPage);

/// <summary>One fact.</summary>
/// <param name="Version">Its place in the room's stream, densely from 1.</param>
/// <param name="EventID">The fact.</param>
/// <param name="Type">Its name.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="Data">What happened. Words of participants are here only as digests.</param>
/// <param name="Actor">Who acted.</param>
/// <param name="Principal">For whom.</param>
/// <param name="Authority">By what right, widest first.</param>
/// <param name="Correlation">The request that caused it.</param>
/// <param name="Placement">Where it stands in its readers' views; null for nowhere.</param>
/// <param name="Contents">The words it commits to; absent unless the token shows them.</param>
public sealed record RecordFact(
    long Version, Guid EventID, string Type, DateTimeOffset CreatedAt, [property: Shape(ShapeAttribute.AnyObject)] JsonElement Data,
    string? Actor, Guid? Principal, IReadOnlyList<string> Authority,
    string? Correlation, [property: Shape(ShapeAttribute.AnyObjectOrNull)] JsonElement? Placement,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RecordContent>? Contents)
{
    /// <summary>Its place in the whole record; absent where one room's record was read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Position { get; init; }

    /// <summary>In which stream it is; absent likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? StreamID { get; init; }

    /// <summary>In which room's, if it is a room's; absent likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? RoomID { get; init; }

    /// <summary>One, as it is sent.</summary>
    public static RecordFact Example { get; } = new(
        1, new("019a7c1d-9c0e-7b7e-a3f1-0f2b4c6d8e02"), "room_opened", new(2026, 8, 17, 9, 0, 0, TimeSpan.Zero),
        JsonElement.Parse("""{"owner_id":"019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01","handle":"build","kind":"shared"}"""), "operator:provision",
        Sessions.PrincipalName.Example.PrincipalID, ["operator:machine"], "provision-1", null, null);
}

/// <summary>Words that a fact commits to.</summary>
/// <param name="ContentID">The fact's id, or that of the context item.</param>
/// <param name="Salt">What stands before the words in the digest, base64; absent when they are erased.</param>
/// <param name="Body">The words, canonical JSON (RFC 8785); absent when they are erased.</param>
/// <param name="Erased">True when they are erased; absent otherwise.</param>
public sealed record RecordContent(
    Guid ContentID, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Salt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Body,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Erased);

/// <summary>The operators of the service.</summary>
/// <param name="Operators">Newest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record OperatorList(IReadOnlyList<OperatorView> Operators, Guid? Next)
{
    /// <summary>One, as it is sent.</summary>
    public static OperatorList Example { get; } = new(
        [new(new("019a7c60-2a11-7c3b-8c45-2d7f9b3e5a01"), "night-shift", true, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
            new(2026, 11, 15, 10, 0, 0, TimeSpan.Zero), null, null)], null);
}

/// <summary>An operator, without its token.</summary>
/// <param name="OperatorID">Which.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Current">Whether it is the one that asks.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">Until when; null for one that was appointed before there was an end.</param>
/// <param name="RevokedAt">When it was dismissed; null when it was not.</param>
/// <param name="AppointedBy">The operator who appointed it; null for one that was appointed at the machine.</param>
public sealed record OperatorView(
    Guid OperatorID, string Label, bool Current, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt,
    Guid? AppointedBy);

/// <summary>All rooms of the service.</summary>
/// <param name="Rooms">In the order of their ids.</param>
/// <param name="NextPage">Pass it back as <c>after</c>; null on the last page.</param>
/// <param name="Index">How far the view was that they come from.</param>
public sealed record OperatedRoomList(
    IReadOnlyList<OperatedRoom> Rooms, [property: JsonPropertyName("next")] Guid? NextPage, IndexState Index)
{
    /// <summary>One, as it is sent.</summary>
    public static OperatedRoomList Example { get; } = new(
        [new(EnteredRoom.Example.RoomID, "build", "shared", "alice", new(2026, 8, 17, 9, 0, 0, TimeSpan.Zero), null, 3, 2, 42,
            new(2026, 8, 17, 11, 0, 0, TimeSpan.Zero))], null, IndexState.Example);
}

/// <summary>A room, without what is said in it.</summary>
/// <param name="RoomID">Which room.</param>
/// <param name="RoomHandle">Its handle; null for none.</param>
/// <param name="Kind"><c>private</c> or <c>shared</c>.</param>
/// <param name="OwnerHandle">Whose it is.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ArchivedAt">When it was closed for good; null when it is not.</param>
/// <param name="Seats">How many seats it has.</param>
/// <param name="Participants">How many sessions are present.</param>
/// <param name="Facts">How many facts it has.</param>
/// <param name="LastFactAt">When the last of them came.</param>
public sealed record OperatedRoom(
    Guid RoomID, string? RoomHandle, string Kind, string? OwnerHandle, DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt, long Seats,
    long Participants, long Facts, DateTimeOffset? LastFactAt);

/// <summary>The views of the service.</summary>
/// <param name="Views">By name.</param>
/// <param name="Position">How far the record is.</param>
/// <param name="TamperedLogs">Rooms whose record is not the one that was signed, as far as this node has found out; the first 100.</param>
public sealed record OperatedViewList(IReadOnlyList<OperatedView> Views, long Position, IReadOnlyList<Guid> TamperedLogs)
{
    /// <summary>One, as it is sent.</summary>
    public static OperatedViewList Example { get; } = new([new("RoomSummaries", "room_summaries", "async", 4200, 0, 0, null, null),
        new("Timeline", "timeline", "inline", 4200, 0, 0, null, null)], 4200, []);
}

/// <summary>A view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Command">What it is called in <c>projections check</c> and <c>projections rebuild</c>.</param>
/// <param name="Kept"><c>inline</c>: written with the facts themselves. <c>async</c>: afterwards.</param>
/// <param name="Position">How far it is.</param>
/// <param name="Behind">How many facts it has not yet; more than 10000 are not counted.</param>
/// <param name="SecondsBehind">For how long the oldest of them has been waiting.</param>
/// <param name="StoppedAt">The position of the fact that it cannot take in; null while it goes on.</param>
/// <param name="StoppedBecause">Why not.</param>
public sealed record OperatedView(
    string Name, string? Command, string Kept, long Position, long Behind, double SecondsBehind, long? StoppedAt, string? StoppedBecause);
