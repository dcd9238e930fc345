using System.Text;
using System.Text.Json.Nodes;
using Parle.Api.Wire;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

/// After any single mutation both verifiers report the same, in words and by their codes, and neither crashes.
public class AMutatedFile
{
    private const int AtOnce = 2;

    [Fact]
    public Task of_a_room_is_judged_alike() =>
        All(OfLines([.. Vectors.Export]).Concat(OfMembers([.. Vectors.Export], [0, 1, 6, 9, 12, 15, 16, 17])));

    [Fact]
    public Task of_a_receipt_is_judged_alike() =>
        All(OfMembers([Vectors.Receipts["receipt-private.json"].TrimEnd('\n')], [0]), someHold: false);

    [Fact]
    public Task of_what_is_handed_on_is_judged_alike() =>
        All(OfMembers([Vectors.Evidence.TrimEnd('\n')], [0]).Concat(OfMembers([Vectors.HandedOn.TrimEnd('\n')], [0]))
            .Concat(OfMembers([Vectors.NamedReceipt.TrimEnd('\n')], [0])), someHold: false);

    private static async Task All(IEnumerable<(string What, byte[] Text)> files, bool someHold = true)
    {
        SourceFiles.Need();
        Verifiers.NeedNode();
        var folder = Directory.CreateTempSubdirectory("parle-mutated-");
        var keys = Path.Combine(folder.FullName, "keys.json");
        await File.WriteAllTextAsync(keys, Vectors.PublishedKeysFile, TestContext.Current.CancellationToken);
        var (held, count) = (0, 0);
        await Parallel.ForEachAsync(
            files, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (file, cancellation) =>
            {
                var path = Path.Combine(folder.FullName, $"{Interlocked.Increment(ref count)}.ndjson");
                await File.WriteAllBytesAsync(path, file.Text, cancellation);
                try
                {
                    var (code, said) = await Verifiers.Judge(path, "--keys", keys);
                    Assert.True(code is 0 or 1 or 2 && !said.Contains("   at ", StringComparison.Ordinal), $"{file.What}: {said}");
                    held += code == 0 ? 1 : 0;
                }
                catch (Xunit.Sdk.TrueException disagree)
                {
                    throw new InvalidOperationException(file.What, disagree);
                }
            });
        folder.Delete(recursive: true);
        Assert.InRange(held, someHold ? 1 : 0, count - 1); // Some changes say nothing else.
    }

    private static IEnumerable<(string, byte[])> OfLines(List<string> lines)
    {
        var whole = Bytes(lines);
        for (var i = 0; i < lines.Count; i++)
        {
            yield return ($"line {i} is gone", Bytes([.. lines[..i], .. lines[(i + 1)..]]));
            yield return ($"line {i} is there twice", Bytes([.. lines[..(i + 1)], .. lines[i..]]));
            yield return ($"line {i} comes first", Bytes([lines[i], .. lines[..i], .. lines[(i + 1)..]]));
            yield return ($"line {i} is cut", Bytes([.. lines[..i], lines[i][..(lines[i].Length / 2)], .. lines[(i + 1)..]]));
        }

        foreach (var (what, line) in new[]
        {
            ("a blank line", "  "), ("a byte order mark", "\uFEFF"), ("nothing but an object", "{}"), ("a list", "[]"), ("a number", "7"),
            ("a null", "null"), ("a line of zero", "\0"), ("a feed", "\f"), ("a separator", "\u2028")
        })
        {
            yield return ($"{what} in the middle", Bytes([.. lines[..9], line, .. lines[9..]]));
            yield return ($"{what} at the beginning", Bytes([line, .. lines]));
            yield return ($"{what} at the end", Bytes([.. lines, line]));
        }

        yield return ("no UTF-8", [.. Bytes(lines[..9]), 0xC3, 0x28, (byte)'\n', .. Bytes(lines[9..])]);
        yield return ("half a surrogate in UTF-8", [.. Bytes(lines[..9]), 0xED, 0xA0, 0x80, (byte)'\n', .. Bytes(lines[9..])]);
        yield return ("no UTF-8 at the end", [.. whole, 0xFF]);
        yield return ("UTF-16", Encoding.Unicode.GetBytes(string.Join('\n', lines)));
        yield return ("lone carriage returns", Encoding.UTF8.GetBytes(string.Join('\r', lines)));
        yield return ("a carriage return inside a line",
            Bytes([.. lines[..9], lines[9].Replace(",", ",\r", StringComparison.Ordinal), .. lines[10..]]));
        foreach (var depth in new[] { 62, 63, 64, 65, 66 })
        {
            yield return ($"{depth} levels",
                Bytes([.. lines[..9], lines[9].Insert(1, $"\"deep\":{new string('[', depth)}{new string(']', depth)},"), .. lines[10..]]));
        }

        foreach (var number in new[]
        {
            "1e999", "-0", "1.0", "1E400", "9007199254740992", "-9007199254740993", "123456789012345678901234567890", "0.1e-400", "01",
            "+1", ".5", "1.", "NaN"
        })
        {
            yield return ($"the number {number}", Bytes([.. lines[..9], lines[9].Insert(1, $"\"note\":{number},"), .. lines[10..]]));
            yield return ($"the version {number}", Bytes(
                [.. lines[..6], "{\"version\":" + number + lines[6][lines[6].IndexOf(',', StringComparison.Ordinal)..], .. lines[7..]]));
        }

        foreach (var (name, value) in new[]
        {
            ("version", "1"), ("ver\\u0073ion", "1"), ("__proto__", "{}"), ("constructor", "1"), ("\\ud800", "1"), ("\\ud83d\\ude00", "1"),
            ("note", "\"\\udc00\\ud800\""), ("note", "\"\\u0000\"")
        })
        {
            yield return ($"a member {name} more", Bytes([.. lines[..9], lines[9].Insert(1, $"\"{name}\":{value},"), .. lines[10..]]));
        }

        foreach (var (one, other) in new[]
        {
            ("\n4\n", "\n04\n"), ("\n4\n", "\n+4\n"), ("\n4\n", "\n4 \n"), ("\u2014 ", "- "), ("time ", "Time "), ("=\n", "\n"),
            ("10Z", "60Z"), ("\n\n", "\n\n\u2014 another AAAAAAA=\n"), ("\n\n", "\n\n\u2014 another AAAAAAB=\n"),
            ("\n\n", "\n\n\u2014 another  AAAAAAA=\n")
        })
        {
            yield return ($"a note with {other} for {one}", Bytes(
                [lines[0], Changed(lines[1], "checkpoint", note => note.Replace(one, other, StringComparison.Ordinal)), .. lines[2..]]));
        }

        foreach (var time in new[]
        {
            "2026-08-17T10:00:00Z", "2026-08-17T10:00:00.0000000Z", "2026-08-17T10:00:00.00000000Z", "2026-08-17T10:00:00+00:00",
            "2026-08-17T12:00:00+02:00", "2026-08-17t10:00:00z", "2026-02-29T10:00:00Z", "0000-01-01T00:00:00Z", "2026-08-17T24:00:00Z",
            "2026-08-17 10:00:00Z", "2026-08-17", "", "NaN"
        })
        {
            var header = JsonNode.Parse(lines[0])!;
            header["keys"]![0]!["valid_from"] = time;
            yield return ($"a key valid from {time}", Bytes([header.ToJsonString(WireJson.Options), .. lines[1..]]));
        }
    }

    // Each member of some lines away, or something else; of all that it could be, two for each.
    private static IEnumerable<(string, byte[])> OfMembers(List<string> lines, IReadOnlyList<int> which)
    {
        string?[] instead = [null, "null", "0", "-1", "1.5", "true", "\"x\"", "\"\"", "[]", "{}", "[null]",
            "\"019a7c1e-0000-7000-8000-000000000001\"", "\"AAAA\"", "\"AAB=\""];
        var next = 0;
        foreach (var i in which)
        {
            foreach (var path in Paths(JsonNode.Parse(lines[i])!, []))
            {
                for (var n = 0; n < 2; n++)
                {
                    var value = instead[next++ % instead.Length];
                    yield return ($"{string.Join('.', path)} of line {i} is {value ?? "gone"}",
                        Bytes([.. lines[..i], With(lines[i], path, value), .. lines[(i + 1)..]]));
                }
            }
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] before) => node switch
    {
        JsonObject members => members.SelectMany(member => Below(member.Value, [.. before, member.Key])),
        JsonArray items => items.SelectMany((item, i) => Below(item, [.. before, i])),
        _ => [],
    };

    private static IEnumerable<object[]> Below(JsonNode? node, object[] path) => node is null ? [path] : [path, .. Paths(node, path)];

    private static string With(string line, object[] path, string? value)
    {
        var root = JsonNode.Parse(line)!;
        var holder = path.SkipLast(1).Aggregate(root, (node, step) => step is string name ? node[name]! : node[(int)step]!);
        switch (path[^1])
        {
            case string name when value is null:
                holder.AsObject().Remove(name);
                break;
            case string name:
                holder[name] = JsonNode.Parse(value!);
                break;
            case int index when value is null:
                holder.AsArray().RemoveAt(index);
                break;
            case int index:
                holder[index] = JsonNode.Parse(value!);
                break;
        }

        return root.ToJsonString(WireJson.Options);
    }

    private static string Changed(string line, string member, Func<string, string> change)
    {
        var node = JsonNode.Parse(line)!;
        node[member] = change((string)node[member]!);
        return node.ToJsonString(WireJson.Options);
    }

    private static byte[] Bytes(IReadOnlyList<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
