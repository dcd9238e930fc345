using System.Diagnostics;
using Parle.Api.Record.Verification;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

/// Both verifiers: that of the service's own program, and the script that has nothing to do with it.
internal static class Verifiers
{
    /// What both say of a file; they must agree on whether it holds, and on the first bad fact.
    public static async Task<string> Verify(string text, string name = "file", params string[] options)
    {
        var file = Path.Combine(Path.GetTempPath(), $"parle-{Guid.NewGuid():N}-{name}");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        try
        {
            return await VerifyFile(file, options);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static async Task<string> VerifyFile(string file, params string[] options)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = VerifyCommand.Run([file, .. options], output, errors);
        var said = $"{output}{errors}".Replace(file, "file", StringComparison.Ordinal).Split('\n')[0];
        if (options.Length == 0 && HasNode)
        {
            var (scriptCode, scriptSaid) = await Script(file);
            Assert.True((code, FactOf(said)) == (scriptCode, FactOf(scriptSaid)), $"The verifiers disagree:\n{said}\n{scriptSaid}");
        }

        return said;
    }

    /// Whether the script can run here.
    public static bool HasNode { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node")));

    public static void NeedNode() => Assert.SkipUnless(HasNode, "The script in samples/ needs Node.js: apt-get install nodejs");

    /// What the script alone says.
    public static async Task<(int Code, string Said)> Script(string file)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(SourceFiles.Repository!, "samples", "verify.mjs"), file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, said.Replace(file, "file", StringComparison.Ordinal));
    }

    // "BAD  file: fact 7: …"
    private static string FactOf(string said) => said.Split(": ") is [var verdict, var fact, ..] && fact.StartsWith("fact ", StringComparison.Ordinal) ? $"{verdict[..3]} {fact}" : said[..3];
}
