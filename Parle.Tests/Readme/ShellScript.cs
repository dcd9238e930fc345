using System.Diagnostics;
using System.Text.Json;

namespace Parle.Tests.Readme;

/// Lines for bash, run as they stand, but for one program: the SDK would build Parle while Parle's tests run.
public sealed class ShellScript : IDisposable
{
    private const string InPlaceOfTheSdk = """
        #!/bin/sh
        PATH=${PATH#*:} # Without the folder of this script.
        case "$*" in
          "run --project Parle.Api -- "*) shift 4; exec dotnet "$PARLE_PROGRAM" "$@" ;;
          *) echo "Not for here: dotnet $*" >&2; exit 64 ;;
        esac
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("parle-readme-");

    public ShellScript(string lines)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "lines"), lines);
        var program = Path.Combine(folder.FullName, "dotnet");
        File.WriteAllText(program, InPlaceOfTheSdk);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// Skips the test that calls where lines for bash cannot be run.
    public static void Need() =>
        Assert.SkipUnless(Finds("bash") && Finds("curl"), "What people paste needs bash and curl, and they are not on PATH.");

    /// Printed lines that are no answers: texts of programs for people.
    public IReadOnlyList<string> Said { get; private set; } = [];

    /// The printed answers, one to a line; fails where a line of the script fails.
    public async Task<IReadOnlyList<JsonElement>> Run(string workingFolder, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("bash", ["-eu", "-o", "pipefail", Path.Combine(folder.FullName, "lines")])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder.FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["PARLE_PROGRAM"] = typeof(Program).Assembly.Location;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var bash = Process.Start(start)!;
        bash.StandardInput.Close();
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, $"The lines ended with {bash.ExitCode}:\n{await output}{await errors}");
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Said = [.. lines.Where(line => !line.StartsWith('{'))];
        return [.. lines.Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line))];
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static bool Finds(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(place => File.Exists(Path.Combine(place, program)));
}
