using Parle.Api.Asks;
using Parle.Api.Platform;
using Parle.Api.Record;
using Parle.Api.Record.Verification;

namespace Parle.Api.Cli;

/// <summary>
/// The command <c>verify</c>: verifies a receipt, evidence about an ask, or an exported room without service, database or network. A script
/// can trust its exit code: 0 means that all of the file was signed by a key that the caller named, or that the caller chose to do without.
/// </summary>
public static class VerifyCommand
{
    /// <summary>The usage.</summary>
    public const string Usage = """
        Usage: verify FILE|- [--keys FILE|KEY]... [--checkpoint FILE]... [--trust-file-keys] [--allow-unsigned] [--allow-part]
          --keys FILE|KEY     a key to trust, or a file with keys such as /.well-known/parle-keys.json
          --checkpoint FILE   a checkpoint, receipt or export that was kept: FILE must agree with it
          --trust-file-keys   without --keys: trust the keys that FILE brings, which anybody can have written
          --allow-unsigned    take the last facts of an export though nothing was signed of them
          --allow-part        take evidence that has, or whose reader saw, a part of its ask's facts
        Exit code: 0 OK, 1 BAD, 2 it could not be checked
        """;

    private const int Ok = 0;
    private const int Bad = 1;
    private const int Unchecked = 2;

    /// <summary>Runs the command.</summary>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors) =>
        Run(arguments, Console.OpenStandardInput, output, errors);

    /// <summary>Runs the command with another standard input.</summary>
    public static int Run(string[] arguments, Func<Stream> input, TextWriter output, TextWriter errors)
    {
        try
        {
            var request = Request.Of(arguments);
            var pinned = KeyRing.Named(request.Keys);
            var held = request.Checkpoints.SelectMany(HeldNotes.Of).ToList();
            return Check(request, pinned, held, input, output);
        }
        catch (VerifyException wrong)
        {
            errors.WriteLine(wrong.Message);
            return Unchecked;
        }
        catch (FormatException wrong) // A malformed --keys or --checkpoint.
        {
            errors.WriteLine($"{wrong.Message}\n{Usage}");
            return Unchecked;
        }
    }

    private static int Check(Request request, KeyRing? pinned, IReadOnlyList<string> held, Func<Stream> input, TextWriter output)
    {
        try
        {
            using var stream = request.File == "-" ? input() : File.OpenRead(request.File);
            using var lines = FileText.Lines(stream).GetEnumerator();
            return !lines.MoveNext() ? throw new VerifyException($"{request.File} is empty.")
                : FileText.FormatOf(lines.Current) == RoomExport.FormatName ? Export(request, Rest(lines), pinned, held, output)
                : Document(request, string.Join('\n', Rest(lines)), pinned, held, output);
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new VerifyException($"{request.File} cannot be read: {unreadable.Message}");
        }
    }

    private static int Export(Request request, IEnumerable<string> lines, KeyRing? pinned, IReadOnlyList<string> held, TextWriter output)
    {
        var verdict = ExportCheck.Of(lines, pinned, held);
        if ((verdict.Fault ?? (request.AllowsUnsigned ? null : verdict.Uncovered)) is { } fault)
        {
            return Fail(request, fault, output);
        }

        var code = Report(request, pinned, $"room {verdict.RoomID}, {verdict.Facts} facts, {verdict.Checkpoints} checkpoints", output);
        if (verdict.Uncovered is { } unsigned)
        {
            output.WriteLine($"NOTE {unsigned.What}");
        }

        return code;
    }

    private static int Document(Request request, string text, KeyRing? pinned, IReadOnlyList<string> held, TextWriter output) =>
        Read(request, text) switch
        {
            ReadReceipt receipt => Receipt(request, receipt, pinned, held, output),
            _ when held.Count > 0 =>
                throw new VerifyException($"--checkpoint is for receipts and exports: {request.File} is of no log to compare with."),
            ReadEvidence evidence => Evidence(request, evidence, pinned, output),
            var statement => HandedOn(request, (ReadStatement)statement, pinned, output),
        };

    private static int Receipt(Request request, ReadReceipt receipt, KeyRing? pinned, IReadOnlyList<string> held, TextWriter output)
    {
        var (keys, fault) = KeysFor(receipt.Keys, pinned);
        (var wrong, var checkpoint) = fault is null ? ReceiptCheck.Of(receipt, keys) : (fault, null);
        var logs = new SignedLogs();
        wrong ??= logs.Add(checkpoint!) ?? held.Select(keys.Read)
            .Select(read => read.Checkpoint is { } other ? logs.Add(other) : new Fault(null, $"a checkpoint does not count: {read.Why}"))
            .FirstOrDefault(contradicts => contradicts is not null);
        return wrong is not null ? Fail(request, wrong, output)
            : Report(request, pinned,
                $"{receipt.Type} {receipt.EventID} is fact {receipt.Position} of {checkpoint!.Origin}, signed at {checkpoint.At:u}",
                output);
    }

    private static int HandedOn(Request request, ReadStatement file, KeyRing? pinned, TextWriter output)
    {
        var (keys, fault) = KeysFor(file.Keys, pinned);
        (var wrong, var statement) = fault is null ? StatementCheck.Of(file, keys) : (fault, null);
        return wrong is not null ? Fail(request, wrong, output)
            : Report(request, pinned, $"{file.Type} {file.EventID} is a fact of room {file.RoomID}, signed at {statement!.At:u}", output);
    }

    private static int Evidence(Request request, ReadEvidence file, KeyRing? pinned, TextWriter output)
    {
        var (keys, fault) = KeysFor(file.Keys, pinned);
        var verdict = fault is null ? EvidenceCheck.Of(file, keys) : new(fault);
        if ((verdict.Fault ?? (request.AllowsPart ? null : verdict.Partial)) is { } wrong)
        {
            return Fail(request, wrong, output);
        }

        var words = file.Facts.SelectMany(fact => fact.Contents).ToList();
        var code = Report(
            request, pinned,
            $"ask {file.AskID} of room {file.RoomID}, {file.Facts.Count} of {verdict.Facts} facts, "
            + $"{words.Count(given => given.Body is not null)} of {words.Count} contents, signed at {verdict.At:u}", output);
        if (verdict.Partial is { } part)
        {
            output.WriteLine($"NOTE {part.What}");
        }

        foreach (var line in EvidenceCheck.Story(file))
        {
            output.WriteLine($"     {line}");
        }

        return code;
    }

    private static (KeyRing Keys, Fault? Fault) KeysFor(KeyRing brought, KeyRing? pinned) => pinned?.With(brought) ?? (brought, null);

    private static int Fail(Request request, Fault fault, TextWriter output)
    {
        output.WriteLine($"BAD  {request.File}: {fault}");
        return Bad;
    }

    // The file has no fault. Whether its signer is trusted is another question.
    private static int Report(Request request, KeyRing? pinned, string what, TextWriter output)
    {
        if (pinned is null && !request.TrustsFileKeys)
        {
            output.WriteLine($"UNSURE {request.File}: {what}, by keys that the file itself brings. Say --keys with those that the service "
                + $"publishes ({KeyEndpoints.Path}), or --trust-file-keys");
            return Unchecked;
        }

        output.WriteLine($"OK   {request.File}: {what}");
        if (pinned is null)
        {
            output.WriteLine("NOTE the keys are those that the file brings");
        }

        return Ok;
    }

    private static object Read(Request request, string text)
    {
        try
        {
            var file = StrictJson.Parse(text);
            return file.Maybe("format") is null ? throw Unknown() : file.Text("format") switch
            {
                SignedReceipt.FormatName => ReadReceipt.Of(file),
                SignedReceipt.StatementFormatName => ReadStatement.Of(file),
                AskEvidence.FormatName => ReadEvidence.Of(file),
                _ => throw Unknown(),
            };
        }
        catch (FormatException wrong)
        {
            throw new VerifyException($"{request.File} cannot be read as a receipt, as evidence or as an exported room: {wrong.Message}");
        }

        VerifyException Unknown() => new(
            $"{request.File} is neither a receipt ({SignedReceipt.FormatName}, {SignedReceipt.StatementFormatName}), evidence "
            + $"({AskEvidence.FormatName}) nor an exported room ({RoomExport.FormatName}).");
    }

    private static IEnumerable<string> Rest(IEnumerator<string> lines)
    {
        do
        {
            yield return lines.Current;
        }
        while (lines.MoveNext());
    }

    // The arguments of one call.
    private sealed record Request(
        string File, IReadOnlyList<string> Keys, IReadOnlyList<string> Checkpoints, bool TrustsFileKeys, bool AllowsUnsigned,
        bool AllowsPart)
    {
        public static Request Of(string[] arguments) => CommandLine.Find(ParleCommand.Verify)!.Forms[0].Read(arguments) switch
        {
            ({ } given, _) when given.Has(TrustFileKeys) && given.Has(KeysOption) =>
                throw new VerifyException($"{TrustFileKeys} and {KeysOption} exclude each other.\n{Usage}"),
            ({ } given, _) => new(given.Argument, given.Values(KeysOption), given.Values("--checkpoint"), given.Has(TrustFileKeys),
                given.Has("--allow-unsigned"), given.Has("--allow-part")),
            (_, var why) => throw new VerifyException($"{why}\n{Usage}"),
        };

        private const string KeysOption = "--keys";
        private const string TrustFileKeys = "--trust-file-keys";
    }
}

/// <summary>The file cannot be verified.</summary>
/// <param name="message">The reason.</param>
public sealed class VerifyException(string message) : Exception(message);
