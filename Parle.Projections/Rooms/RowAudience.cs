using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Projections.Rooms;

/// <summary>What the service says about a row beside its words: the audience, and how an ask stands after it.</summary>
/// <param name="Kind">The kind of audience.</param>
/// <param name="Targets">The addressees.</param>
public sealed record RowAudience(AddressingKind Kind, IReadOnlyList<Target> Targets)
{
    /// <summary>The ask of a fact about one; null for other facts, and from before it was kept.</summary>
    public RowAsk? Ask { get; init; }

    /// <summary>The way by which an admitted seat came; null for other facts, and for seats that a member gave.</summary>
    public SeatOrigin? Admission { get; init; }

    /// <summary>As the view keeps it. Most rows are for nobody in particular; null says so in no bytes.</summary>
    public string Store() => JsonSerializer.Serialize(this, StoredJson.Options);

    /// <summary>Of a fact; null for one that is for nobody in particular.</summary>
    public static RowAudience? Of(object fact) => fact switch
    {
        MessageSubmitted { Addressing: { Kind: not AddressingKind.Unaddressed } to } => new(to.Kind, to.Targets),
        AskFact { Progress: { } progress } about => new(progress.Audience.Kind, progress.Audience.Targets)
        {
            Ask = new(about.AskID, AskTexts.Spell(progress.Kind), about.State, progress.Sha256)
            {
                Decision = about is AskDecided decided ? decided.Approved ? "approve" : "deny" : null,
                Verdict = (about as AskAnswered)?.Verdict,
                Quorum = progress.Quorum,
                Approvals = progress.Approvals,
                Denials = progress.Denials,
                UsableUntil = progress.UsableUntil,
            },
        },
        AskOpened { Addressing: var to } => new(to.Kind, to.Targets),
        SeatAdmitted { Origin: { } origin } => new(AddressingKind.Unaddressed, []) { Admission = origin },
        _ => null,
    };

    /// <summary>Reads what the view keeps.</summary>
    public static RowAudience? Read(string? stored) =>
        stored is null ? null : JsonSerializer.Deserialize<RowAudience>(stored, StoredJson.Options)!;
}

/// <summary>An ask as it stood after a fact, in the service's own words.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">The kind of ask, as a word.</param>
/// <param name="State">How far it was.</param>
/// <param name="SubjectSha256">The digest of its subject.</param>
public sealed record RowAsk(
    Guid AskID, string Kind, AskState State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SubjectSha256)
{
    /// <summary>For a decision: <c>approve</c> or <c>deny</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Decision { get; init; }

    /// <summary>For an answer to a review: its verdict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verdict { get; init; }

    /// <summary>For an approval: how many principals must approve.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Quorum { get; init; }

    /// <summary>For an approval: how many principals approve, by their newest decisions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Approvals { get; init; }

    /// <summary>For an approval: how many principals deny. One is enough to deny.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Denials { get; init; }

    /// <summary>For an approval that was given: until when it can be used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? UsableUntil { get; init; }
}
