namespace Parle.Tests.Tidiness;

/// Files written by people: the repository without the output of programs.
public static class SourceFiles
{
    private static readonly string[] written = [".cs", ".csproj", ".props", ".json", ".yaml", ".md", ".sh", ""];
    private static readonly HashSet<string> leftByPrograms =
        ["bin", "obj", "artifacts", "TestResults", "node_modules", "Generated", ".git", ".parle", ".vs", ".idea"];

    /// The folder of Parle.sln; null where the tests were copied out of it.
    public static string? Repository { get; } = Find();

    /// The files, by their paths within the repository.
    public static IEnumerable<string> All(params string[] endings)
    {
        Need();
        return Below(Repository!)
            .Where(file => (endings is [] ? written : endings).Contains(Path.GetExtension(file)))
            .Select(file => Path.GetRelativePath(Repository!, file));
    }

    /// Skips the test that calls where there is no repository.
    public static void Need() => Assert.SkipWhen(Repository is null, "The tests do not lie in the repository.");

    public static string[] Lines(string file) => File.ReadAllText(Path.Combine(Repository!, file)).Split('\n');

    private static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Parle.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => !file.EndsWith(".lock.json", StringComparison.Ordinal)).Concat(
            Directory.EnumerateDirectories(folder).Where(child => !leftByPrograms.Contains(Path.GetFileName(child))).SelectMany(Below));
}
