using System.Globalization;
using System.Text.Json;
using Parle.Domain.Contents;

namespace Parle.Tests.Contents;

/// RFC 8785 said as simply as it can be, letter by letter: what the service's own form must equal.
internal static class PlainCanonicalForm
{
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{Spell(member.Name)}:{Of(member.Value)}")) + "}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Of))}]",
        JsonValueKind.String => Spell(value.GetString()!),
        JsonValueKind.Number => CanonicalJson.EcmaScript(value.GetDouble()),
        _ => value.GetRawText(),
    };

    private static string Spell(string text) => $"\"{string.Concat(text.Select(c => c switch
    {
        '"' or '\\' => $"\\{c}",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' => $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}",
        _ => $"{c}",
    }))}\"";
}
