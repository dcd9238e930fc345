using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections.Rooms;

namespace Parle.Api.Reading;

/// <summary>A page of a reader's own view.</summary>
/// <param name="Messages">Rows, by <c>seq</c>.</param>
/// <param name="Watermark">The cursor to go on from: the last <c>seq</c> that this page covers.</param>
/// <param name="Generation">The incarnation of the database: another one after each restore.</param>
/// <param name="EarliestAvailableSeq">Null while the full history is kept.</param>
/// <param name="Preamble">What stands before each text.</param>
/// <param name="HeldBacklog">Rows held back by moderation.</param>
/// <param name="CommitToken">Reserved: null.</param>
public sealed record ProjectionPage(
    IReadOnlyList<ProjectionRow> Messages, long Watermark, string Generation, long? EarliestAvailableSeq, string Preamble,
    HeldBacklog HeldBacklog, string? CommitToken)
{
    /// <summary>A page as it is sent.</summary>
    public static ProjectionPage Example { get; } = Of([ProjectionRow.Example], 7, Framing.Preamble("@bob.helper.k4ma7qz2n5bw3x6d"));

    /// <summary>A page of <paramref name="rows"/>.</summary>
    public static ProjectionPage Of(
        IReadOnlyList<ProjectionRow> rows, long watermark, string preamble, string generation = Database.Generation.First) =>
        new(rows, watermark, generation, null, preamble, new(0, 0), null);
}

/// <summary>Rows held back by moderation.</summary>
/// <param name="FirstHeldSeq">The first of them; 0 when there is none.</param>
/// <param name="HeldCount">How many there are.</param>
public sealed record HeldBacklog(long FirstHeldSeq, long HeldCount);

/// <summary>One row of a reader's view.</summary>
/// <param name="Seq">Its position in the reader's own view, dense from 1.</param>
/// <param name="EventID">The fact, the same for everybody.</param>
/// <param name="EventType">What kind of fact.</param>
/// <param name="Payload">What was said, as accepted.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Content">The text inside its framing.</param>
/// <param name="Fence">The nonce of the framing; null for text of the service's own.</param>
/// <param name="Provenance">Where the text comes from.</param>
/// <param name="SafetyFacts">What to know before trusting the text's looks.</param>
/// <param name="ParticipantID">The author; null for facts of the room itself.</param>
/// <param name="Author">The author in full.</param>
/// <param name="Actor">Reserved: null.</param>
/// <param name="Addressing">Whom it was for.</param>
/// <param name="Moderation">What moderation did.</param>
public record ProjectionRow(
    long Seq, Guid EventID, string EventType,
    [property: DescribedBy(typeof(RowPayload))] JsonElement Payload,
    DateTimeOffset CreatedAt, string Content, string? Fence, Provenance Provenance, SafetyFacts SafetyFacts, Guid? ParticipantID,
    RowAuthor Author,
    [property: Shape(ShapeAttribute.AnyObjectOrNull)] object? Actor,
    RowAddressing Addressing, RowModeration Moderation)
{
    /// <summary>How the ask stood after this fact, in the service's own words; absent for rows that are about none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowAsk? Ask { get; init; }

    /// <summary>Of an admission: who vouched for the newcomer, and by which way it came; absent where a member gave the seat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowAdmission? Admission { get; init; }

    /// <summary>A row as it is sent.</summary>
    public static ProjectionRow Example { get; } = new(
        7, new("019a7c1e-58a0-7c5e-9f59-3b1c7e0a5d11"), "message_submitted",
        JsonSerializer.SerializeToElement(new { body = "The build is red." }), new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
        Framing.Frame(Framing.Preamble("@bob.helper.k4ma7qz2n5bw3x6d"), "b6e1f0c2a94d4e7f8a3b5c6d7e8f9a0b", "The build is red."),
        "b6e1f0c2a94d4e7f8a3b5c6d7e8f9a0b", new("@alice.builder.c7w2k5n4q3zx6m7a", "participant"), Domain.Contents.SafetyFacts.Of(""),
        new("019a7c1e-1f3a-7d52-8f7a-6a1d0c9b2e10"),
        new(new("019a7c1e-1f3a-7d52-8f7a-6a1d0c9b2e10"), new("019a7c1d-0a11-7c3b-8c45-2d7f9b3e5a01"),
            new("019a7c1d-33c2-7f0d-b1a9-4e6c8d0f2b02"), new("019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"), "alice", "builder",
            "c7w2k5n4q3zx6m7a", "@alice.builder.c7w2k5n4q3zx6m7a"),
        null, new(AddressingKind.Unaddressed, null, null), RowModeration.None);
}

/// <summary>Who vouched for a newcomer, and by which way it came.</summary>
/// <param name="CameBy"><c>invitation</c> or <c>join_key</c>.</param>
/// <param name="VouchedBy">The principal that invited it, or made the key.</param>
/// <param name="Guest">Whether it is a guest of that principal: it takes part for it, and neither manages nor decides as it.</param>
public sealed record RowAdmission(SeatWay CameBy, Guid VouchedBy, bool Guest)
{
    internal static RowAdmission? Of(SeatOrigin? origin) => origin is null ? null : new(origin.Way, origin.InviterID, origin.IsGuest);

    /// <summary>The end of the sentence that somebody was admitted.</summary>
    internal static string Words(SeatOrigin? origin) => origin switch
    {
        null => "",
        { Way: SeatWay.JoinKey } => origin.IsGuest ? " by a join key, as a guest" : " by a join key",
        _ => " by an invitation",
    };
}

/// <summary>Where a text comes from, as the service knows it.</summary>
/// <param name="Author">An address, or <c>parle</c>.</param>
/// <param name="Kind"><c>participant</c>, or <c>system</c> for text of the service's own.</param>
public sealed record Provenance(string Author, string Kind);

/// <summary>An author in full; nothing but nulls for facts of the room itself.</summary>
/// <param name="ParticipantID">The presence in the room.</param>
/// <param name="PrincipalID">For whom the author acts.</param>
/// <param name="AgentID">The agent.</param>
/// <param name="AgentSessionID">The agent's session.</param>
/// <param name="PrincipalHandle">The principal's handle.</param>
/// <param name="AgentHandle">The agent's handle.</param>
/// <param name="SessionHandle">The session's handle.</param>
/// <param name="Address">Where to answer.</param>
public sealed record RowAuthor(
    Guid? ParticipantID, Guid? PrincipalID, Guid? AgentID, Guid? AgentSessionID, string? PrincipalHandle, string? AgentHandle,
    string? SessionHandle, string? Address);

/// <summary>Whom a row was for.</summary>
/// <param name="Kind">Everybody, nobody in particular, or those named.</param>
/// <param name="Text">The addresses as the author wrote them.</param>
/// <param name="TargetParticipantID">The one addressee; null when there is none, there are several, or nobody had the alias.</param>
/// <param name="TargetAgentSessionID">Its session; null likewise.</param>
public sealed record RowAddressing(AddressingKind Kind, string? Text, Guid? TargetParticipantID, Guid? TargetAgentSessionID = null);

/// <summary>What moderation did to a row.</summary>
/// <param name="PolicyVersion">The policy it ran under; null without one.</param>
/// <param name="ModerationTags">Tags it was given.</param>
public sealed record RowModeration(int? PolicyVersion, IReadOnlyList<string> ModerationTags)
{
    /// <summary>A room without moderation.</summary>
    public static RowModeration None { get; } = new(null, []);
}

/// <summary>In a row: who took its words away; in the row of a redaction: which words.</summary>
/// <param name="EventID">The redaction.</param>
/// <param name="FactID">The fact whose words they were.</param>
/// <param name="By">Who did it, as an address.</param>
/// <param name="Reason">Why.</param>
public sealed record RowRedaction(Guid EventID, Guid FactID, string By, string Reason);
