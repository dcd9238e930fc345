using System.Globalization;
using System.Text;
using System.Text.Json;
using Parle.Api.Wire;
using Parle.Domain.Asks;
using Parle.Domain.Contents;

namespace Parle.Api.Asks;

/// <summary>An ask as a page for people.</summary>
public static class AskMarkdown
{
    /// <summary>
    /// Most characters shown of one text of the asker, at the head of the page. Only texts that may have several lines can be longer.
    /// </summary>
    public const int MaxShown = AskShapes.MaxLine;

    /// <summary>
    /// The page. Participants' texts stand in quotations, so that none of them passes for the service's own, and deceptive characters are
    /// spelt out. The service's own facts come first, then the present request, whatever space the history below leaves: nobody shall
    /// decide without seeing it.
    /// </summary>
    public static string Of(AskDetails ask)
    {
        var page = new StringBuilder($"# {Capital(ask.Kind)}: {ask.State}\n\n{Quote(ask.Title ?? "(erased)")}\n");
        void Line(string name, string? value)
        {
            if (value is not null)
            {
                page.Append(CultureInfo.InvariantCulture, $"- {name}: {value}\n");
            }
        }

        page.Append('\n');
        Line("Asked by", $"`{ask.Asker}`");
        Line("Asked of", ask.Audience is "broadcast" ? "everybody" : "some");
        Line("Worked on by",
            ask.Claimant is null ? null : $"`{ask.Claimant}`{(ask.LeaseUntil is { } lease ? $", until {WireJson.Format(lease)}" : "")}");
        Line("Subject, SHA-256", ask.SubjectSha256 is null ? null : $"`{ask.SubjectSha256}`");
        Line("Principals needed", ask.Quorum?.ToString(CultureInfo.InvariantCulture));
        Line("Decided so far", ask.Approvals is { } approvals ? $"{approvals} of {ask.Quorum} needed approve, {ask.Denials} deny" : null);
        Line("What a yes means", ask.Quorum is null ? null : EffectOfApproval(ask));
        Line("Take care", ask.QuorumReachable is false ? $"fewer than {ask.Quorum} principals can approve as seats are now" : null);
        Line("Take care",
            HasDeceptiveCharacters(ask) ? "texts of participants hold characters that are invisible, turn the direction of text, or look "
                + "like others; such characters are spelt out here, as `\\u{202E}`" : null);
        Line("Due", ask.DueAt is { } due ? WireJson.Format(due) : null);
        Line("Usable until", ask.UsableUntil is { } until ? WireJson.Format(until) : null);
        Line("Can be done now", ask.Next.Count == 0 ? null : string.Join(", ", ask.Next.Select(act => $"`{act}`")));

        page.Append("\n## What is asked\n\n");
        foreach (var (name, said) in Asked(ask))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {name}{Said(said)}\n");
        }

        page.Append("\n## What happened\n");
        if (ask.HistoryBefore is { } before)
        {
            page.Append(CultureInfo.InvariantCulture, $"\nThe newest facts. What happened before: `?history_before={before}`\n");
        }

        foreach (var row in ask.History)
        {
            var isLeftOut = row.Fence is null && row.Payload.TryGetProperty("left_out", out _);
            var (author, said) = isLeftOut
                ? (row.Author.Address, row.Content) : (row.Provenance.Author, Quote(row.Payload.GetProperty("body").GetString()!));
            page.Append(CultureInfo.InvariantCulture, $"\n{WireJson.Format(row.CreatedAt)} · {row.EventType} · `{author}`\n\n{said}\n");
        }

        if (ask.Context.Count > 0)
        {
            page.Append("\n## What was handed over\n\n");
            foreach (var item in ask.Context)
            {
                page.Append(item.Gone is null
                    ? $"- `{item.ItemID}` {item.Bytes} bytes, SHA-256 `{item.Sha256}`\n{Quote($"{item.Name} ({item.MediaType})", "  > ")}\n"
                    : $"- `{item.ItemID}` {item.Gone}\n");
            }

            if (ask.ContextAfter is { } after)
            {
                page.Append(CultureInfo.InvariantCulture, $"\nThere is more: `?context_after={after}`\n");
            }
        }

        return page.ToString();
    }

    // The request as it is now, in the order in which it matters. Names are the service's own, also where an older ask has members that are
    // not known any more.
    private static IEnumerable<(string Name, string? Said)> Asked(AskDetails ask)
    {
        yield return ("Kind of ask", ask.Kind);
        yield return ("Title", ask.Title);
        if (ask.Request is { ValueKind: JsonValueKind.Object } request)
        {
            var known = AskKinds.Find(ask.Kind)?.Request.Members.Select(member => member.Name).ToHashSet() ?? [];
            foreach (var member in request.EnumerateObject().Where(member => member.Value.ValueKind is not JsonValueKind.Null))
            {
                var said = member.Value.ValueKind is JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
                yield return known.Contains(member.Name) ? (Capital(member.Name), said) : ("More", $"{member.Name}: {said}");
            }
        }
        else
        {
            yield return ("What", null);
        }

        if (ask.SubjectSha256 is { } digest)
        {
            yield return ("Subject, kind", Text(ask.Subject, "kind"));
            yield return ("Subject, ref", Text(ask.Subject, "ref"));
            yield return ("Subject, SHA-256", digest);
        }

        if (ask.DoneWhen is { ValueKind: JsonValueKind.Array } criteria)
        {
            foreach (var criterion in criteria.EnumerateArray())
            {
                yield return ("Done when", criterion.GetString());
            }
        }
    }

    private static string? Text(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member.GetString() : null;

    // The note about omitted text stands outside the quotation, where no participant can write.
    private static string Said(string? said)
    {
        if (said is null)
        {
            return ": erased";
        }

        var more = said.EnumerateRunes().Count() - MaxShown;
        return more <= 0 ? $":\n{Quote(said, "  > ")}" : $" (… {more} more characters, in the ask as "
            + $"`application/json`):\n{Quote(string.Concat(said.EnumerateRunes().Take(MaxShown)), "  > ")}";
    }

    private static string EffectOfApproval(AskDetails ask) =>
        $"`{ask.Asker}` may use exactly the subject with this SHA-256, "
        + $"once{(ask.ValidSeconds is { } seconds ? $", within {seconds} seconds of the last approval that is needed" : "")}. Until it is "
        + "used, a decision can be changed or taken back";

    private static bool HasDeceptiveCharacters(AskDetails ask) =>
        ask.History.Select(row => (SafetyFacts?)row.SafetyFacts).Append(ask.SafetyFacts).Append(ask.AnswerSafetyFacts)
            .Concat(ask.Context.Select(item => item.Name is null ? null : SafetyFacts.Of(item.Name)))
            .Any(facts => facts is not null && facts != SafetyFacts.Of(""));

    // An indented quotation, so that no line of it can begin another element.
    private static string Quote(string text, string mark = "> ") =>
        string.Join('\n', Visible.Of(text).ReplaceLineEndings("\n").Split('\n').Select(line => $"{mark}    {line}"));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
