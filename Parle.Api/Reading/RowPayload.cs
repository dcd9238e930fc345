using System.Text.Json;
using Parle.Api.Registry;

namespace Parle.Api.Reading;

// These types describe what a row says and nothing else: a row carries it as it was stored.

/// <summary>
/// What a row says. In a row about an ask or a redaction <c>ask</c> and <c>redaction</c> are the service's. In a message they are its
/// author's, as all other members are, and may be anything.
/// </summary>
/// <param name="Body">The text; absent when it is erased.</param>
[AnyOf(typeof(AskPayload), typeof(RedactedPayload), typeof(SaidPayload))]
public sealed record RowPayload([property: MayBeAbsent] string Body);

/// <summary>What a row about an ask says.</summary>
/// <param name="Body">The same as text.</param>
/// <param name="Ask">What happened to the ask.</param>
/// <param name="LeftOut">What <c>read_ask</c> left out of a long row; absent elsewhere.</param>
public sealed record AskPayload([property: MayBeAbsent] string Body, AskOfRow Ask, [property: MayBeAbsent] LeftOutWords LeftOut);

/// <summary>What a row says whose words were redacted, and the row of the redaction itself.</summary>
/// <param name="Body">Text of the service's own.</param>
/// <param name="Redaction">The redaction.</param>
public sealed record RedactedPayload([property: MayBeAbsent] string Body, RowRedaction Redaction);

/// <summary>What a participant said, or the room itself.</summary>
/// <param name="Body">The text.</param>
public sealed record SaidPayload([property: MayBeAbsent] string Body);

/// <summary>Words that were left out.</summary>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="Where">The address to read them at.</param>
public sealed record LeftOutWords(int Bytes, string Where);

/// <summary>What happened to an ask. Which members there are depends on <c>act</c>.</summary>
/// <param name="AskID">The ask.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Act">What happened: the action that did it, or <c>lapse</c> or <c>expire</c> when time did.</param>
/// <param name="Title">What it is about, in the asker's words.</param>
/// <param name="Request">What the kind needs to know.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="DoneWhen">When the asker will be content.</param>
/// <param name="DueAt">After this moment nobody can answer; null for no bound.</param>
/// <param name="Quorum">How many principals must approve; null unless an approval is asked for.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Decision">The decision: <c>approve</c> or <c>deny</c>.</param>
/// <param name="Earlier">The decision before; null when there was none.</param>
/// <param name="Sha256">The digest of what was decided about, or used.</param>
/// <param name="Reason">Why.</param>
/// <param name="ItemID">The context item that was taken back.</param>
/// <param name="Context">What was handed over with it.</param>
public sealed record AskOfRow(
    Guid AskID,
    [property: MayBeAbsent] string Kind,
    [property: MayBeAbsent] string Act,
    [property: MayBeAbsent] string? Title,
    [property: MayBeAbsent, AskShape(ofAnswer: false, IsRead = true)] JsonElement? Request,
    [property: MayBeAbsent] AskSubjectView? Subject,
    [property: MayBeAbsent] IReadOnlyList<string>? DoneWhen,
    [property: MayBeAbsent] DateTimeOffset? DueAt,
    [property: MayBeAbsent] int? Quorum,
    [property: MayBeAbsent, AskShape(ofAnswer: true, IsRead = true)] JsonElement? Answer,
    [property: MayBeAbsent] string? Decision,
    [property: MayBeAbsent] string? Earlier,
    [property: MayBeAbsent] string? Sha256,
    [property: MayBeAbsent] string? Reason,
    [property: MayBeAbsent] Guid? ItemID,
    [property: MayBeAbsent] ContextManifest? Context);

/// <summary>What an ask is about, as its asker calls it.</summary>
/// <param name="Kind">What it is, e.g. <c>commit</c>.</param>
/// <param name="Ref">Where it is found.</param>
/// <param name="Sha256">Its digest.</param>
public sealed record AskSubjectView(string Kind, string Ref, string Sha256);

/// <summary>What was handed over, without the things themselves.</summary>
/// <param name="Items">The things.</param>
/// <param name="LeftOut">What was not handed over, in words.</param>
public sealed record ContextManifest(IReadOnlyList<ContextManifestItem> Items, IReadOnlyList<string> LeftOut);

/// <summary>One thing that was handed over.</summary>
/// <param name="ItemID">Read it under this id.</param>
/// <param name="Bytes">How many bytes it has.</param>
public sealed record ContextManifestItem(Guid ItemID, int Bytes);
