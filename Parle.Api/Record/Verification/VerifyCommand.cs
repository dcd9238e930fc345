using System.Text.Json;

namespace Parle.Api.Record.Verification;

/// <summary>
/// The command <c>verify FILE [--keys FILE|KEY]… [--checkpoint FILE]…</c>: checks a receipt or an exported room without service,
/// database or network. Exit code 0 when it holds, 1 when it does not, 2 when it cannot be told.
/// </summary>
public static class VerifyCommand
{
    private const string Usage = "Usage: verify FILE|- [--keys FILE|KEY]... [--checkpoint FILE]...";

    /// <summary>Runs it.</summary>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        var (files, keys, held) = (new List<string>(), new List<string>(), new List<string>());
        for (var i = 0; i < arguments.Length; i++)
        {
            var list = arguments[i] switch { "--keys" => keys, "--checkpoint" => held, _ => files };
            if (list == files ? arguments[i].StartsWith("--", StringComparison.Ordinal) : ++i == arguments.Length)
            {
                errors.WriteLine(Usage);
                return 2;
            }

            list.Add(arguments[i]);
        }

        if (files is not [var file])
        {
            errors.WriteLine(Usage);
            return 2;
        }

        try
        {
            var pinned = KeyRing.Named(keys);
            var notes = held.SelectMany(Notes).ToList();
            using var reader = file == "-" ? Console.In : File.OpenText(file);
            var lines = Lines(reader).GetEnumerator();
            return !lines.MoveNext() ? Fail(errors, $"{file} is empty.")
                : lines.Current.TrimStart().StartsWith('{') && FormatOf(lines.Current) == RoomExport.FormatName ? Export(file, Rest(lines), pinned, notes, output)
                : Receipt(file, string.Join('\n', Rest(lines)), pinned, notes, output);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            return Fail(errors, $"{file} cannot be verified: {unreadable.Message}");
        }
    }

    private static int Export(string file, IEnumerable<string> lines, KeyRing? pinned, IReadOnlyList<string> held, TextWriter output)
    {
        var verdict = ExportCheck.Of(lines, pinned, held);
        output.WriteLine(verdict.Fault is { } fault
            ? $"BAD  {file}: {fault}"
            : $"OK   {file}: room {verdict.RoomID}, {verdict.Facts} facts, {verdict.Checkpoints} checkpoints");
        if (verdict is { Fault: null } && verdict.Covered < verdict.Facts)
        {
            output.WriteLine($"NOTE facts {verdict.Covered + 1} to {verdict.Facts} are newer than any checkpoint of the record: nothing was signed of them");
        }

        Unpinned(pinned, output);
        return verdict.Fault is null ? 0 : 1;
    }

    private static int Receipt(string file, string text, KeyRing? pinned, List<string> held, TextWriter output)
    {
        var receipt = JsonElement.Parse(text, ExportCheck.Strict);
        var keys = pinned?.With(receipt.GetProperty("keys")) ?? KeyRing.Of(receipt.GetProperty("keys"));
        var (fault, checkpoint) = receipt.GetProperty("format").GetString() == SignedReceipt.FormatName ? ReceiptCheck.Of(receipt, keys) : (new(null, $"this is no {SignedReceipt.FormatName}"), null);
        var logs = new SignedLogs();
        fault ??= logs.Add(checkpoint!) ?? held.Select(note => keys.Read(note)).Select(read => read.Checkpoint is { } other ? logs.Add(other) : new(null, $"a checkpoint does not count: {read.Why}")).FirstOrDefault(wrong => wrong is not null);
        output.WriteLine(fault is not null
            ? $"BAD  {file}: {fault}"
            : $"OK   {file}: {receipt.GetProperty("fact").GetProperty("type").GetString()} {receipt.GetProperty("fact").GetProperty("event_id").GetString()} is fact {receipt.GetProperty("position").GetInt64()} of {checkpoint!.Origin}, signed at {checkpoint.At:u}");
        Unpinned(pinned, output);
        return fault is null ? 0 : 1;
    }

    private static void Unpinned(KeyRing? pinned, TextWriter output)
    {
        if (pinned is null)
        {
            output.WriteLine($"NOTE the keys are those that the file brings: compare them with those that the service publishes ({KeyEndpoints.Path}), or say --keys");
        }
    }

    // A note as it is, or of a receipt, a checkpoint or an export.
    private static IReadOnlyList<string> Notes(string file)
    {
        var text = File.ReadAllText(file);
        return !text.StartsWith('{') ? [text]
            : FormatOf(text.Split('\n')[0]) == RoomExport.FormatName
                ? [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Where(line => line.TryGetProperty("checkpoint", out _)).Select(line => line.GetProperty("checkpoint").GetString()!)]
                : [JsonElement.Parse(text).GetProperty("checkpoint").GetString()!];
    }

    private static string? FormatOf(string line)
    {
        try
        {
            return JsonElement.Parse(line).TryGetProperty("format", out var format) ? format.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // The first line of something that is spread over several.
        }
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Rest(IEnumerator<string> lines)
    {
        do
        {
            yield return lines.Current;
        }
        while (lines.MoveNext());
    }

    private static int Fail(TextWriter errors, string message)
    {
        errors.WriteLine(message);
        return 2;
    }
}
