using System.Diagnostics;
using System.Text.Json;
using Parle.Api.Cli;
using Parle.Tests.Tidiness;

namespace Parle.Tests.Record;

/// Both verifiers: that of the service's own program, and the script that has nothing to do with it.
internal static class Verifiers
{
    private const string TrustsTheFile = "--trust-file-keys";

    /// Both verdicts of a file; they must agree on whether it holds, and on the first bad fact. Without --keys, the file's own are trusted.
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

    public static async Task<string> VerifyFile(string file, params string[] options) =>
        (await Judge([file, .. options, .. options.Contains("--keys") ? (string[])[] : [TrustsTheFile]])).Said
            .Replace(file, "file", StringComparison.Ordinal).Split('\n')[0];

    /// Both verdicts for these arguments: the exit code must be the same, and the first bad fact.
    public static async Task<(int Code, string Said)> Judge(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = VerifyCommand.Run(arguments, output, errors);
        var said = $"{output}{errors}";
        if (HasNode)
        {
            var (scriptCode, scriptSaid) = await ManyScripts.Run(arguments);
            Assert.True((code, FactOf(said)) == (scriptCode, FactOf(scriptSaid)),
                $"The verifiers disagree:\n{code} {said}\n{scriptCode} {scriptSaid}");
        }

        return (code, said);
    }

    /// Whether the script can run here.
    public static bool HasNode { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "node")));

    public static void NeedNode() => Assert.SkipUnless(HasNode, "The script in samples/ needs Node.js: apt-get install nodejs");

    /// The script's own output.
    public static async Task<(int Code, string Said)> Script(params string[] arguments)
    {
        using var node = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(SourceFiles.Repository!, "samples", "verify.mjs"), .. arguments])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, errors) = (node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, await said + await errors);
    }

    // "BAD  file: fact 7: …"
    private static string FactOf(string said) => said.Split(": ") is [['B', 'A', 'D', ..], var fact, ..] && fact.StartsWith(
        "fact ", StringComparison.Ordinal) ? $"BAD {fact}" : said[..Math.Min(3, said.Length)];

    /// The script again and again in one process of Node.js, which takes most of the time of each to start.
    private static class ManyScripts
    {
        private const string Loop = """
            import { createInterface } from 'node:readline'
            import { pathToFileURL } from 'node:url'
            const script = pathToFileURL(process.argv[1])
            let said = []
            console.log = console.error = line => said.push(line)
            let turn = 0
            for await (const line of createInterface({ input: process.stdin })) {
              said = []
              process.argv = [process.argv[0], process.argv[1], ...JSON.parse(line)]
              await import(`${script}?${turn++}`)
              process.stdout.write(JSON.stringify({ code: process.exitCode, said: said.join('\n') }) + '\n')
              process.exitCode = 0
            }
            """;

        private static readonly SemaphoreSlim turn = new(1);
        private static readonly Lazy<Process> node = new(() => Process.Start(
            new ProcessStartInfo(
                "node", ["--input-type=module", "--eval", Loop, Path.Combine(SourceFiles.Repository!, "samples", "verify.mjs")])
            { RedirectStandardInput = true, RedirectStandardOutput = true })!);

        public static async Task<(int Code, string Said)> Run(string[] arguments)
        {
            await turn.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                await node.Value.StandardInput.WriteLineAsync(JsonSerializer.Serialize(arguments));
                await node.Value.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
                var answer = JsonElement.Parse(await node.Value.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                    ?? throw new InvalidOperationException("Node.js ended."));
                return (answer.GetProperty("code").GetInt32(), answer.GetProperty("said").GetString()!);
            }
            finally
            {
                turn.Release();
            }
        }
    }
}
