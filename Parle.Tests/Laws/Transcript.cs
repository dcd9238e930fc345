using System.Text;
using System.Text.RegularExpressions;

namespace Parle.Tests.Laws;

/// A caller's answers, byte for byte, with everything random replaced by the order of its first appearance.
public sealed partial class Transcript
{
    private readonly StringBuilder text = new();

    public async Task Note(string what, HttpResponseMessage answer)
    {
        text.Append(what).Append(" → ").Append((int)answer.StatusCode).Append('\n');
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not "Date")
            .OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(": ").AppendJoin(", ", values).Append('\n');
        }

        if (answer.Content.Headers.ContentType?.MediaType is "text/event-stream")
        {
            answer.Dispose(); // Its text is noted event by event.
            return;
        }

        text.Append(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Append('\n');
    }

    /// Notes what a stream said, or that it said nothing more.
    public void Note(string what, params IReadOnlyList<string?> frames) =>
        text.Append(what).Append(": ").AppendJoin("\n\n", frames.Select(frame => frame ?? "(end)")).Append('\n');

    public override string ToString()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        return Random().Replace(
            FirstShown().Replace(
                Time().Replace(Signature().Replace(Liveness().Replace(text.ToString(), "(life)"), "(signature)"), "(time)"),
                "\"session_id\":\"(one of its runs)\""),
            match => names.TryGetValue(match.Value, out var name) ? name : names[match.Value] = $"(random {names.Count + 1})");
    }

    // A stored fact spells its own times with as many digits as they have.
    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|\+00:00)")]
    private static partial Regex Time();

    // It follows from the signed text, which is compared, and from the second in which it was signed.
    [GeneratedRegex("(?<=— [a-z0-9.-]+ )[A-Za-z0-9+/]{42,}=*")]
    private static partial Regex Signature();

    // The roster tells everybody whose sessions live.
    [GeneratedRegex(@"""live_sessions"":\d+,""last_seen_at"":(null|""[^""]*"")")]
    private static partial Regex Liveness();

    // To which of a seat's runs a row was shown first is a race of their streams.
    [GeneratedRegex("\"session_id\":\"[0-9a-f-]{36}\"")]
    private static partial Regex FirstShown();

    // Ids, offered keys, salts, fences, the handles that ParleService.NewRoom makes up, the names of sessions, and digests and signatures
    // of all that.
    [GeneratedRegex(
        @"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|"
        + @"(?<=""(Idempotency-Key|key)"":"")[A-Za-z0-9_-]{22}(?="")|(?<=""salt"":"")[A-Za-z0-9+/]{22}==|"
        + @"\bp[0-9a-f]{15}\b|\b[a-z2-7]{16}\b|[A-Za-z0-9+/]{42,}=*")]
    private static partial Regex Random();
}
