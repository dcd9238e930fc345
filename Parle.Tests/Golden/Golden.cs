namespace Parle.Tests.Golden;

/// Published texts, kept as files, so that a change is seen as a diff.
internal static class Golden
{
    public static string Folder { get; } = Path.Combine(Root(new(AppContext.BaseDirectory)), "Parle.Tests", "Golden");

    /// Compares <paramref name="text"/> with the file; with PARLE_GOLDEN=write it renews the file instead.
    public static void Matches(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("PARLE_GOLDEN") is "write")
        {
            File.WriteAllText(path, text);
            Assert.Skip($"Wrote {file}: read its diff.");
        }

        var (expected, actual) = (Lines(File.Exists(path) ? File.ReadAllText(path) : ""), Lines(text));
        var same = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            same == expected.Length && same == actual.Length,
            $"""
            {file} differs from what is served, first in line {same + 1}:
            - {expected.ElementAtOrDefault(same)}
            + {actual.ElementAtOrDefault(same)}
            If that is meant, renew the file and read its diff: PARLE_GOLDEN=write dotnet test --project Parle.Tests
            """);
    }

    private static string[] Lines(string text) => text.Split('\n');

    private static string Root(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "Parle.sln")) ? folder.FullName : Root(folder.Parent!);
}
