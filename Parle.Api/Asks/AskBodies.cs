using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Domain.Asks;

namespace Parle.Api.Asks;

/// <summary>The body of a new ask.</summary>
/// <param name="Kind">What for.</param>
/// <param name="Title">One line.</param>
/// <param name="Request">What the kind needs to know.</param>
/// <param name="Addressing">Who is asked; absent: everybody.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="DoneWhen">When the asker will be content.</param>
/// <param name="DueAt">After this moment nobody can answer.</param>
/// <param name="Quorum">How many principals must approve.</param>
/// <param name="ValidSeconds">How long an approval can be used.</param>
/// <param name="Context">What is handed over with it.</param>
public sealed record OpenAskRequest(
    [property: KindsDescription("{words}."), KindShape] string? Kind,
    [property: Description("One line of 1 to 200 characters."), AnyText] string? Title,
    [property: KindsDescription("What the kind needs to know. {requests}"), AskShape(ofAnswer: false), Absent("{}"), MayBeAbsent]
    JsonElement Request,
    [property: Description("Who is asked. Absent: everybody in the room."), Absent("""{"audience":"broadcast"}"""), NeverNull,
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SubmitAddressing? Addressing = null,
    [property: KindsDescription("What it is about; needed for {about_subject}, which are of exactly this digest."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        AskSubjectBody? Subject = null,
    [property: Description("Up to 20 criteria of one line each, for people and agents to check the answer by."), AnyText, Absent("[]"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? DoneWhen = null,
    [property: Description("After this moment nobody can answer. Absent: no bound."),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? DueAt = null,
    [property: KindsDescription(
        "How many principals must approve, 1 to 10, and no more than there are: others that are asked, with an agent "
            + "that has a seat. Only for {decided}. Absent: 1."), Absent("1"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    int? Quorum = null,
    [property: KindsDescription("How long an approval can be used, in seconds. Only for {decided}. Absent: 3600."), Absent("3600"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ValidSeconds = null,
    [property: Description("What is handed over with it."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    ContextBody? Context = null)
{
    /// <summary>An ask that is accepted.</summary>
    public static OpenAskRequest Example { get; } = new(
        AskKinds.Example.Word, AskKinds.Example.ExampleTitle, AskExamples.Of(AskKinds.Example.Request));

    /// <summary>An ask of a kind, of which nothing else is known.</summary>
    internal static OpenAskRequest Template(KindOfAsk kind) => new(kind.Word, null, ActionOffer.Unknown);
}

/// <summary>What is to be reviewed or approved.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Ref">Where it is found.</param>
/// <param name="Sha256">Its digest.</param>
public sealed record AskSubjectBody(
    [property: Description("What it is, e.g. commit or file: one line of at most 100 characters."), AnyText] string? Kind,
    [property: Description("Where it is found: one line of at most 1000 characters."), AnyText] string? Ref,
    [property: Description("SHA-256 of it, 64 lowercase hexadecimal digits.")] string? Sha256)
{
    internal static AskSubjectBody Example { get; } = new("commit", "main", AskSubject.ExampleDigest);

    internal AskSubject Subject => new(Kind, Ref, Sha256);
}

/// <summary>How long a claim shall hold.</summary>
/// <param name="LeaseSeconds">Seconds, 1 to 86400.</param>
public sealed record LeaseRequest(
    [property: Description("How long the claim holds without being renewed, in seconds, 1 to 86400. Absent: 900."), Absent("900"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? LeaseSeconds)
{
    /// <summary>A usual one.</summary>
    public static LeaseRequest Example { get; } = new(900);

    // Beyond any bound: refused as such, not as an overflow.
    internal TimeSpan? Lease => LeaseSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, 1_000_000)) : null;
}

/// <summary>Why.</summary>
/// <param name="Reason">In words, at most 2000 characters.</param>
public sealed record ReasonRequest([property: Description("Why, in at most 2000 characters."), AnyText,
    JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    /// <summary>One.</summary>
    public static ReasonRequest Example { get; } = new("This has taken care of itself.");
}

/// <summary>Why an answer does not do.</summary>
/// <param name="Reason">In words, at most 2000 characters; needed.</param>
public sealed record ContestRequest(
    [property: Description("What is wrong with the answer, in at most 2000 characters."), AnyText] string? Reason)
{
    /// <summary>One.</summary>
    public static ContestRequest Example { get; } = new("Line 12 is still missing.");
}

/// <summary>The answer to an ask.</summary>
/// <param name="Answer">What the kind is answered with.</param>
/// <param name="Context">What is handed over with it.</param>
public sealed record AnswerRequest(
    [property: KindsDescription("What the kind is answered with. {answers}"), AskShape(ofAnswer: true), Absent("{}")]
    JsonElement Answer,
    [property: Description("What is handed over with it."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    ContextBody? Context = null)
{
    /// <summary>An answer to the ask that documents show.</summary>
    public static AnswerRequest Example { get; } = new(AskExamples.Of(AskShapes.AnswerOf(AskKinds.Example.Kind)));
}

/// <summary>A decision about an approval.</summary>
/// <param name="Decision"><c>approve</c> or <c>deny</c>.</param>
/// <param name="Sha256">The digest of what was looked at.</param>
/// <param name="Reason">Why.</param>
public sealed record DecideRequest(
    [property: Description("approve or deny."), Shape("""{"type":"string","enum":["approve","deny"]}""")] string? Decision,
    [property: Description("The subject's digest, as you looked at it.")] string? Sha256,
    [property: Description("Why, in at most 2000 characters."), AnyText, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason = null)
{
    /// <summary>An approval.</summary>
    public static DecideRequest Example { get; } = new("approve", AskSubjectBody.Example.Sha256, "All tests pass.");
}

/// <summary>The use of an approval.</summary>
/// <param name="Sha256">The digest of what is about to be done.</param>
public sealed record ConsumeRequest(
    [property: Description("The digest of what you are about to do: it must be the one that was approved.")] string? Sha256)
{
    /// <summary>One.</summary>
    public static ConsumeRequest Example { get; } = new(AskSubjectBody.Example.Sha256);
}

/// <summary>A new subject.</summary>
/// <param name="Subject">What it is about now.</param>
public sealed record SubjectRequest([property: Description("What the ask is about from now on.")] AskSubjectBody? Subject)
{
    /// <summary>One.</summary>
    public static SubjectRequest Example { get; } = new(
        new AskSubjectBody("commit", "main", "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"));
}
