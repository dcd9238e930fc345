using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections.Asks;
using Parle.Projections.Rooms;

namespace Parle.Api.Asks;

/// <summary>An ask, as a list shows it.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">What for.</param>
/// <param name="State">How far it is.</param>
/// <param name="Title">What it is about, in the asker's words; null when they are erased.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="Audience"><c>broadcast</c>: everybody was asked. <c>direct</c>: some were.</param>
/// <param name="Claimant">Who works on it; null when nobody does.</param>
/// <param name="LeaseUntil">When that claim lapses; null without one.</param>
/// <param name="SubjectSha256">The digest of its subject; null without one.</param>
/// <param name="Quorum">How many principals must approve; null unless an approval is asked for.</param>
/// <param name="DueAt">After this moment nobody can answer; null for no bound.</param>
/// <param name="UsableUntil">Until when the approval can be used; null before it is given.</param>
/// <param name="OpenedAt">When it was asked.</param>
/// <param name="UpdatedAt">When something last happened to it.</param>
/// <param name="Next">What the reader may do about it now.</param>
public record AskSummary(
    Guid AskID, string Kind, string State, string? Title, string Asker, string Audience, string? Claimant, DateTimeOffset? LeaseUntil,
    string? SubjectSha256, int? Quorum, DateTimeOffset? DueAt, DateTimeOffset? UsableUntil, DateTimeOffset OpenedAt,
    DateTimeOffset UpdatedAt, IReadOnlyList<string> Next)
{
    /// <summary>
    /// How many principals approve, by their newest decisions; null unless an approval is asked for, and for who does not see all
    /// decisions.
    /// </summary>
    public int? Approvals { get; init; }

    /// <summary>How many principals deny; null likewise. One is enough to deny.</summary>
    public int? Denials { get; init; }

    /// <summary>Whether enough principals could approve, as seats are now; null likewise, and when the ask is over.</summary>
    public bool? QuorumReachable { get; init; }

    /// <summary>
    /// What to know before trusting the looks of what is asked: title, request, subject and criteria. Null when they are erased.
    /// </summary>
    public SafetyFacts? SafetyFacts { get; init; }

    /// <summary>One, as it is sent.</summary>
    public static AskSummary Example { get; } = new(
        AskReceipt.Example.AskID, AskKinds.Example.Word, "open", AskKinds.Example.ExampleTitle, "@alice.builder", "broadcast", null, null,
        null, null, null, null, new(2026, 8, 17, 10, 2, 0, TimeSpan.Zero), new(2026, 8, 17, 10, 2, 0, TimeSpan.Zero), ["claim_ask"])
    { SafetyFacts = SafetyFacts.Of("") };

    /// <param name="row">The ask.</param>
    /// <param name="state">The same, as decisions see it; null when that is not remembered any more.</param>
    /// <param name="room">The room.</param>
    /// <param name="seat">Who reads; null when its seat is gone.</param>
    /// <param name="next">What it may do.</param>
    internal static AskSummary Of(AskRow row, Ask? state, Room room, Seat? seat, IReadOnlyList<string> next)
    {
        var summary = Of(row, next);
        return state is null || !AskKinds.Of(state.Kind).IsDecided || seat is null || !state.ShowsAllTo(seat) ? summary : summary with
        {
            Approvals = state.Approvals,
            Denials = state.Decisions.Count - state.Approvals,
            QuorumReachable = state.IsOver ? null : state.PossibleApprovals(room) >= state.Quorum,
        };
    }

    private static AskSummary Of(AskRow row, IReadOnlyList<string> next) => new(
        row.AskID, row.Kind, row.State, Member(row.Words, "title")?.GetString(), row.Asker, row.IsForEverybody ? "broadcast" : "direct",
        row.Claimant, row.LeaseUntil, row.Sha256, row.Quorum, row.DueAt, row.UsableUntil, row.OpenedAt, row.UpdatedAt, next)
    {
        SafetyFacts = row.Words is null ? null : FactsOf(
            Member(row.Words, "title"), Member(row.Words, "request"), Member(row.Words, "subject"), Member(row.Words, "done_when"))
    };

    /// <summary>What to know of all texts in these.</summary>
    internal static SafetyFacts FactsOf(params IEnumerable<JsonElement?> values) =>
        SafetyFacts.OfAll(values.SelectMany(value => Texts(value ?? default)));

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value).Prepend(member.Name)),
        _ => [],
    };

    /// <summary>A member of what an ask's row says as data.</summary>
    internal static JsonElement? Member(string? words, string name) =>
        words is not null && JsonElement.Parse(words).TryGetProperty("ask", out var ask) && ask.TryGetProperty(name, out var member)
        && member.ValueKind is not JsonValueKind.Null
            ? member : null;
}

/// <summary>A page of asks.</summary>
/// <param name="Asks">In the order of their opening.</param>
/// <param name="NextPage">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record AskList(IReadOnlyList<AskSummary> Asks, [property: JsonPropertyName("next")] Guid? NextPage)
{
    /// <summary>One, as it is sent.</summary>
    public static AskList Example { get; } = new([AskSummary.Example], null);
}

/// <summary>An ask with all that happened to it.</summary>
/// <param name="Request">What the kind needs to know.</param>
/// <param name="Subject">What it is about; null without one.</param>
/// <param name="DoneWhen">When the asker will be content.</param>
/// <param name="Answer">The newest answer; null while there is none.</param>
/// <param name="Context">A page of what was handed over, in that order.</param>
/// <param name="History">A page of what happened to it, as rows of the reader's view: the newest ones, in the order of <c>seq</c>.</param>
/// <param name="Affordances">What the reader may do about it now, ready to send.</param>
public sealed record AskDetails(
    Guid AskID, string Kind, string State, string? Title, string Asker, string Audience, string? Claimant, DateTimeOffset? LeaseUntil,
    string? SubjectSha256, int? Quorum, DateTimeOffset? DueAt, DateTimeOffset? UsableUntil, DateTimeOffset OpenedAt,
    DateTimeOffset UpdatedAt, IReadOnlyList<string> Next,
    [property: JsonPropertyOrder(1), JsonConverter(typeof(StoredContentConverter)), AskShape(ofAnswer: false, IsRead = true)]
    JsonElement? Request,
    [property: JsonPropertyOrder(1), JsonConverter(typeof(StoredContentConverter)), DescribedBy(typeof(AskSubjectView))]
    JsonElement? Subject,
    [property: JsonPropertyOrder(1), JsonConverter(typeof(StoredContentConverter)),
        Shape("""{"type":"array","nullable":true,"items":{"type":"string"}}""")] JsonElement? DoneWhen,
    [property: JsonPropertyOrder(1), JsonConverter(typeof(StoredContentConverter)), AskShape(ofAnswer: true, IsRead = true)]
    JsonElement? Answer,
    [property: JsonPropertyOrder(1)] IReadOnlyList<ContextItemView> Context,
    [property: JsonPropertyOrder(1)] IReadOnlyList<ProjectionRow> History,
    [property: JsonPropertyOrder(1)] IReadOnlyList<Affordance> Affordances)
    : AskSummary(AskID, Kind, State, Title, Asker, Audience, Claimant, LeaseUntil, SubjectSha256, Quorum, DueAt, UsableUntil, OpenedAt,
        UpdatedAt, Next)
{
    /// <summary>
    /// How long the approval can be used once it is given, in seconds; null unless one is asked for, and when the ask was over long ago.
    /// </summary>
    [JsonPropertyOrder(1)]
    public int? ValidSeconds { get; init; }

    /// <summary>Of an approval: how it is decided, and what a denial does, as sentences; absent for other kinds.</summary>
    [JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HowDecided { get; init; }

    /// <summary>Of an approval: the decisions that count now, oldest first; absent for other kinds.</summary>
    [JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AskDecision>? Decisions { get; init; }

    /// <summary>Of a review that was answered: its verdict, as the service read it; absent otherwise.</summary>
    [JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verdict { get; init; }

    /// <summary>What to know before trusting the looks of the answer; null while there is none.</summary>
    [JsonPropertyOrder(1)]
    public SafetyFacts? AnswerSafetyFacts { get; init; }

    /// <summary>
    /// The <c>seq</c> of the newest fact about it. Pass it back as <c>since_seq</c>, with <c>wait</c>, to be answered when there is
    /// another.
    /// </summary>
    [JsonPropertyOrder(1)]
    public long Watermark { get; init; }

    /// <summary>Pass it back as <c>history_before</c> for what happened before; null when that is all.</summary>
    [JsonPropertyOrder(1)]
    public long? HistoryBefore { get; init; }

    /// <summary>Pass it back as <c>context_after</c> for what was handed over next; null when that is all.</summary>
    [JsonPropertyOrder(1)]
    public Guid? ContextAfter { get; init; }

    /// <summary>What is not among the affordances; absent when nothing was left out.</summary>
    [JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LeftOut>? LeftOut { get; init; }

    /// <summary>One, as it is sent.</summary>
    public static new AskDetails Example { get; } = Of(
        AskSummary.Example with
        {
            State = "answered",
            Claimant = "@bob.helper",
            SubjectSha256 = AskSubject.ExampleDigest,
            Next = ["accept_answer", "contest_answer"],
        },
        Words(new { Request = AskExamples.Of(AskKinds.Example.Request), DoneWhen = (string[])["The failing tests are named."] }),
        Words(new { Subject = AskSubjectBody.Example }), Words(new { Answer = AnswerRequest.Example.Answer }),
        [ContextItemView.Example], [ProjectionRow.Example], []);

    private static string Words<T>(T ask) => JsonSerializer.Serialize(new { ask }, WireJson.Options);

    internal static AskDetails Of(
        AskSummary ask, string? words, string? subject, string? answered, IReadOnlyList<ContextItemView> context,
        IReadOnlyList<ProjectionRow> history, IReadOnlyList<Affordance> affordances) => new(
        ask.AskID, ask.Kind, ask.State, ask.Title, ask.Asker, ask.Audience, ask.Claimant, ask.LeaseUntil, ask.SubjectSha256, ask.Quorum,
        ask.DueAt, ask.UsableUntil, ask.OpenedAt, ask.UpdatedAt, ask.Next, Member(words, "request"), Member(subject, "subject"),
        Member(words, "done_when"), Member(answered, "answer"), context, history, affordances)
        {
            Approvals = ask.Approvals,
            Denials = ask.Denials,
            QuorumReachable = ask.QuorumReachable,
            SafetyFacts = ask.SafetyFacts?.Or(FactsOf(Member(subject, "subject"))),
            AnswerSafetyFacts = Member(answered, "answer") is { } answer ? FactsOf(answer) : null,
        };
}

/// <summary>A decision that counts.</summary>
/// <param name="Decision"><c>approve</c> or <c>deny</c>.</param>
/// <param name="By">Who decided, as an address.</param>
/// <param name="PrincipalID">The principal whose decision it is.</param>
/// <param name="At">When.</param>
/// <param name="EventID">The fact.</param>
public sealed record AskDecision(string Decision, string By, Guid PrincipalID, DateTimeOffset At, Guid EventID)
{
    /// <summary>Of each principal the newest decision, as far as it still counts.</summary>
    /// <param name="facts">The decisions, newest first.</param>
    /// <param name="ask">The ask now.</param>
    internal static IReadOnlyList<AskDecision> Of(IEnumerable<TimelineRow> facts, Ask ask) =>
    [
        .. facts.Where(fact => fact.Author is not null && Counts(fact, ask)).DistinctBy(fact => fact.Author!.PrincipalID).Reverse()
            .Select(fact => new AskDecision(
                ask.Decisions[fact.Author!.PrincipalID] ? "approve" : "deny", RowRendering.AuthorOf(fact.Author).Address!,
                fact.Author.PrincipalID, fact.At, fact.EventID)),
    ];

    // A decision of before another subject, or that was replaced since, is another one. Facts from before it was kept do not tell.
    private static bool Counts(TimelineRow fact, Ask ask) =>
        ask.Decisions.TryGetValue(fact.Author!.PrincipalID, out var approved)
        && (RowAudience.Read(fact.Addressing)?.Ask is not { } said
            || (said.SubjectSha256 == ask.Sha256 && said.Decision == (approved ? "approve" : "deny")));

    /// <summary>The rules of an approval, for who must know them without looking them up.</summary>
    internal static string Rules(Ask ask) =>
        $"{(ask.Quorum == 1 ? "One principal other than the asker's must" : $"{ask.Quorum} principals other than the asker's must")} "
        + "approve "
        + "exactly this digest. One denial denies it, until who denied decides otherwise, or the asker replaces the subject or takes the "
        + "ask "
        + $"back. Once approved it can be used once, within {ask.ValidSeconds} seconds. No decision is no denial.";
}

/// <summary>Writes content as it is stored, as JSON with the fewest escapes, so that it stays within its size limit.</summary>
internal sealed class StoredContentConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}

/// <summary>One thing that was handed over, without the thing itself.</summary>
/// <param name="ItemID">Read it under this id.</param>
/// <param name="Name">What the reader knows it by; null when it is gone.</param>
/// <param name="MediaType">What it is; null when it is gone.</param>
/// <param name="Bytes">How many bytes it has; null when it is gone.</param>
/// <param name="Sha256">Its digest; null when it is gone.</param>
/// <param name="ExpiresAt">When it can no longer be read; null for never.</param>
/// <param name="Gone">Why it cannot be read: <c>withdrawn</c>, <c>redacted</c> or <c>expired</c>; null while it can.</param>
public record ContextItemView(
    Guid ItemID, string? Name, string? MediaType, int? Bytes, string? Sha256, DateTimeOffset? ExpiresAt, string? Gone)
{
    /// <summary>What to know before trusting the looks of its name and its text; null when it is gone.</summary>
    public SafetyFacts? SafetyFacts { get; init; }

    /// <summary>One, as it is sent.</summary>
    public static ContextItemView Example { get; } = new(
        new("019a7c20-2a11-7c3b-8c45-2d7f9b3e5a01"), "failed-tests.log", "text/plain", 27,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", null, null)
    { SafetyFacts = SafetyFacts.Of("") };

    internal static ContextItemView Of(ContextRow row, DateTimeOffset now) => Read(row, now, out _);

    /// <summary>The item, and the thing itself while it can be read.</summary>
    internal static ContextItemView Read(ContextRow row, DateTimeOffset now, out (string Text, bool IsJson)? thing)
    {
        thing = null;
        var gone = row.WithdrawnAt is not null ? "withdrawn"
            : row.Redacted ? "redacted" : row.ExpiresAt <= now ? "expired" : row.Words is null ? "erased" : null;
        if (gone is not null)
        {
            return new(row.ItemID, null, null, null, null, row.ExpiresAt, gone);
        }

        var words = JsonElement.Parse(row.Words!);
        var item = new NewContextItem(
            row.ItemID, words.GetProperty("name").GetString()!, words.GetProperty("media_type").GetString()!,
            words.GetProperty("text").GetString()!, words.GetProperty("is_json").GetBoolean(), row.ExpiresAt, []);
        thing = (item.Text, item.IsJson);
        return new(row.ItemID, item.Name, item.MediaType, item.Bytes, item.Sha256, row.ExpiresAt, null)
        { SafetyFacts = SafetyFacts.Of(item.Name).Or(SafetyFacts.Of(item.Text)) };
    }
}

/// <summary>One thing that was handed over.</summary>
/// <param name="Text">The thing, when it is text; null otherwise, and when it is gone.</param>
/// <param name="Json">The thing, when it is JSON; null otherwise, and when it is gone.</param>
/// <param name="Content">The thing inside its framing, as peers' words are always delivered; null when it is gone.</param>
/// <param name="Fence">The nonce of the framing.</param>
public sealed record ContextThing(
    Guid ItemID, string? Name, string? MediaType, int? Bytes, string? Sha256, DateTimeOffset? ExpiresAt, string? Gone,
    [property: JsonPropertyOrder(1)] string? Text, [property: JsonPropertyOrder(1), Shape("{}")] JsonElement? Json,
    [property: JsonPropertyOrder(1)] string? Content, [property: JsonPropertyOrder(1)] string? Fence)
    : ContextItemView(ItemID, Name, MediaType, Bytes, Sha256, ExpiresAt, Gone)
{
    /// <summary>One, as it is sent.</summary>
    public static new ContextThing Example { get; } = new(
        ContextItemView.Example.ItemID, ContextItemView.Example.Name, "text/plain", 27, ContextItemView.Example.Sha256, null, null,
        "FAILED Parser.reads_nothing", null,
        Framing.Frame(Framing.Preamble("@bob.helper.k4ma7qz2n5bw3x6d"), "b6e1f0c2a94d4e7f8a3b5c6d7e8f9a0b", "FAILED Parser.reads_nothing"),
        "b6e1f0c2a94d4e7f8a3b5c6d7e8f9a0b")
    { SafetyFacts = ContextItemView.Example.SafetyFacts };
}
