using System.Text;
using Parle.Api.Contract;

namespace Parle.Api.Asks;

/// <summary>An ask as a page for people.</summary>
public static class AskMarkdown
{
    /// <summary>The page. What participants wrote stands in quotations, so that none of it passes for the service's own.</summary>
    public static string Of(AskDetails ask)
    {
        var page = new StringBuilder($"# {Capital(ask.Kind)}: {ask.State}\n\n{Quote(ask.Title ?? "(erased)")}\n");
        void Line(string name, string? value)
        {
            if (value is not null)
            {
                page.Append($"- {name}: {value}\n");
            }
        }

        page.Append('\n');
        Line("Asked by", $"`{ask.Asker}`");
        Line("Asked of", ask.Audience is "broadcast" ? "everybody" : "some");
        Line("Worked on by", ask.Claimant is null ? null : $"`{ask.Claimant}`{(ask.LeaseUntil is { } lease ? $", until {WireJson.Spell(lease)}" : "")}");
        Line("Subject, SHA-256", ask.SubjectSha256 is null ? null : $"`{ask.SubjectSha256}`");
        Line("Principals needed", ask.Quorum?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Line("Due", ask.DueAt is { } due ? WireJson.Spell(due) : null);
        Line("Usable until", ask.UsableUntil is { } until ? WireJson.Spell(until) : null);
        Line("Can be done now", ask.Next.Count == 0 ? null : string.Join(", ", ask.Next.Select(act => $"`{act}`")));

        page.Append("\n## What happened\n");
        foreach (var row in ask.History)
        {
            page.Append($"\n{WireJson.Spell(row.CreatedAt)} · {row.EventType} · `{row.Provenance.Author}`\n\n{Quote(row.Payload.GetProperty("body").GetString()!)}\n");
        }

        if (ask.Context.Count > 0)
        {
            page.Append("\n## What was handed over\n\n");
            foreach (var item in ask.Context)
            {
                page.Append(item.Gone is null ? $"- `{item.ItemID}` {item.Bytes} bytes, SHA-256 `{item.Sha256}`\n{Quote($"{item.Name} ({item.MediaType})", "  > ")}\n" : $"- `{item.ItemID}` {item.Gone}\n");
            }
        }

        return page.ToString();
    }

    // An indented quotation: no line of it can begin anything else.
    private static string Quote(string text, string mark = "> ") => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => $"{mark}    {line}"));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
