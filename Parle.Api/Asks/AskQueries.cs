using System.Text.Json;
using Parle.Api.Reading;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Asks;

namespace Parle.Api.Asks;

/// <summary>The filter and cursor of a list of asks.</summary>
/// <param name="States">Only these states; empty for all.</param>
/// <param name="Kind">Only this kind; null for all.</param>
/// <param name="Mine">The caller's part in the asks; null for all that it sees.</param>
/// <param name="After">The cursor: only asks opened after it.</param>
public sealed record AskFilter(IReadOnlyList<string> States, string? Kind, string? Mine, Guid After)
{
    private static readonly string[] states = [.. Enum.GetNames<AskState>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
    private static readonly string[] parts = ["asked", "claimed", "for_me"];

    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<AskFilter>(
        [
            new("state", "string", "Only this state: open, claimed, answered, approved, closed, declined, denied, withdrawn, consumed or "
                + "expired. May be sent several times.")
            { Repeats = true },
            new("kind", "string", $"Only this kind: {AskKinds.Words}."),
            new("mine", "string", "asked: what you asked. claimed: what you work on. for_me: what others ask of you."),
            PageCursor.Parameter("from the first"),
        ],
        Read);

    private static (AskFilter? Value, Refusal? Refusal) Read(HttpRequest request)
    {
        var (cursor, malformed) = PageCursor.Read(request);
        if (cursor is null)
        {
            return (null, malformed);
        }

        var query = request.Query;
        var wanted = new AskFilter([.. query["state"].OfType<string>()], query["kind"], query["mine"], cursor.After);
        var isKnown = !wanted.States.Except(states).Any() && (wanted.Kind is null || AskKinds.Find(wanted.Kind) is not null)
            && (wanted.Mine is null || parts.Contains(wanted.Mine));
        return isKnown && query["kind"].Count < 2 && query["mine"].Count < 2 ? (wanted, null)
            : (null, Refusals.MalformedRequest.Because($"state must be one of {string.Join(", ", states)}, kind one of "
                + $"{string.Join(", ", AskKinds.All.Select(kind => kind.Word))}, mine one of {string.Join(", ", parts)}."));
    }
}

/// <summary>The requested pages of one ask, and their format.</summary>
/// <param name="HistoryBefore">The cursor: only facts before this <c>seq</c>.</param>
/// <param name="ContextAfter">The cursor: only context items after this one; null for all.</param>
/// <param name="AsMarkdown">Whether the answer is a page for people, by <c>Accept</c> (RFC 9110, section 12.5.1).</param>
/// <param name="Since">The newest fact that the reader has, and the time that it waits for another.</param>
public sealed record AskPages(long HistoryBefore, Guid? ContextAfter, bool AsMarkdown, ReadCursor Since)
{
    /// <summary>Whether the answer is wanted without history, and cut to what a language model needs.</summary>
    public bool IsCompact { get; init; }

    /// <summary>The query's parameters and their parser.</summary>
    public static QueryInput Input { get; } = QueryInput.Of<AskPages>(
        [
            new("history_before", "integer", "Facts before this `seq`. Absent: the newest ones."),
            new("context_after", "string", "Things handed over after this `item_id`. Absent: from the first."),
            new("since_seq", "integer", "With `wait`: the `watermark` of the answer that you have. Absent: 0, which waits for nothing."),
            new("wait", "integer", "Seconds to wait until something happens to the ask after `since_seq`, 0 to 30; more counts as 30. "
                + "Absent: 0."),
            new("form", "string",
                "compact: cut for language models, without the history. `rows` has the newest request and answer, each in "
                    + "words, once; `offers` is the short form of `affordances`. Absent: all of it."),
        ],
        Read) with
    { MayStayOpen = ReadCursor.Waits };

    private static (AskPages? Value, Refusal? Refusal) Read(HttpRequest request)
    {
        long? before = request.Query["history_before"] switch { [] => long.MaxValue, [{ } seq] => ReadCursor.ReadSeq(seq), _ => null };
        var after = request.Query["context_after"];
        var (since, malformed) = ReadCursor.Read(request.Query);
        return since is null ? (null, malformed)
            : before is null ? (null,
            Refusals.MalformedRequest.Because("history_before must be a whole number, 0 or more: the history_before of an earlier answer."))
            : after is not [] && WireID.Read(after) is null ? (null,
                Refusals.MalformedRequest.Because("context_after must be the context_after of an earlier answer."))
            : ReadCursor.ReadForm(request.Query) is not { } isCompact ? (null,
                Refusals.MalformedRequest.Because("form must be compact, or left out."))
            : (new(before.Value, WireID.Read(after) is { } item && item != Guid.Empty ? item : null, WantsMarkdown(request), since)
            { IsCompact = isCompact }, null);
    }

    private static bool WantsMarkdown(HttpRequest request) =>
        request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault()?.MediaType == "text/markdown";
}
