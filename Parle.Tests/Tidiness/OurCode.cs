using System.Reflection;
using System.Text.RegularExpressions;
using Parle.Api.Hosting;
using Parle.Domain.Rooms;
using Parle.Projections;

namespace Parle.Tests.Tidiness;

public sealed partial class OurCode
{
    private const int longestFile = 400;
    private const int longestLine = 140;

    [Fact]
    public void has_no_blanks_at_the_end_of_a_line() => Assert.Empty(
        from file in SourceFiles.All()
        from line in SourceFiles.Lines(file).Index()
        where line.Item.EndsWith(' ') || line.Item.EndsWith('\t') || line.Item.EndsWith('\r')
        select $"{file}:{line.Index + 1}");

    [Fact]
    public void ends_each_file_with_one_line_break() => Assert.Empty(
        from file in SourceFiles.All()
        where SourceFiles.Lines(file) is not ([""] or [.., not "", ""])
        select file);

    [Fact]
    public void comes_in_files_that_can_be_read_at_once() => Assert.Empty(
        from file in SourceFiles.All(".cs")
        let lines = SourceFiles.Lines(file).Length - 1
        where lines > longestFile
        select $"{file}: {lines} lines");

    /// The bound of .editorconfig. Inside of a raw string a break would be part of the text.
    [Fact]
    public void has_lines_that_fit_a_window() => Assert.Empty(
        from file in SourceFiles.All(".cs")
        from line in OutsideOfRawStrings(SourceFiles.Lines(file)).Index()
        where line.Item.Length > longestLine
        select $"{file}:{line.Index + 1}: {line.Item.Length} columns");

    /// Rows of a table and lines of code keep their length: a break would end them.
    [Fact]
    public void has_prose_that_fits_a_window() => Assert.Empty(
        from file in SourceFiles.All(".md")
        from line in OutsideOfCode(SourceFiles.Lines(file)).Index()
        where line.Item.Length > longestLine && !line.Item.TrimStart().StartsWith('|')
        select $"{file}:{line.Index + 1}: {line.Item.Length} columns");

    [Fact]
    public void names_things_by_what_they_are() => Assert.Empty(
        from assembly in new[] { typeof(Room).Assembly, typeof(ParleStore).Assembly, typeof(ParleHost).Assembly }
        from type in assembly.GetTypes()
        where type.Namespace?.StartsWith("Parle.", StringComparison.Ordinal) == true && SaysNothing().IsMatch(type.Name)
        select type.FullName);

    /// Words that were ours before the field's were taken. The settings keep theirs.
    [Fact]
    public void uses_the_terms_of_its_field() => Assert.Empty(
        from file in SourceFiles.All(".cs", ".md", ".sql")
        where Path.GetFileName(file) is not ("OurCode.cs" or "Settings.cs" or "CHANGELOG.md")
        from line in SourceFiles.Lines(file).Index()
        where OldWords().IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    [Fact]
    public void keeps_the_domain_free_of_packages()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);

        Assert.Empty(
            from reference in typeof(Room).Assembly.GetReferencedAssemblies()
            where Path.GetDirectoryName(Assembly.Load(reference).Location) != framework
            select reference.Name);
        Assert.Empty(
            from line in SourceFiles.Lines(SourceFiles.All(".csproj").Single(file => Path.GetFileName(file) == "Parle.Domain.csproj"))
            where line.Contains("Reference", StringComparison.Ordinal)
            select line.Trim());
    }

    [Fact]
    public void keeps_the_domain_free_of_clocks_and_chance() => Assert.Empty(
        from file in SourceFiles.All(".cs")
        where file.StartsWith("Parle.Domain", StringComparison.Ordinal)
        from line in SourceFiles.Lines(file).Index()
        where AsksTheWorld().IsMatch(line.Item) && !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    private static IEnumerable<string> OutsideOfRawStrings(IEnumerable<string> lines)
    {
        var isInside = false;
        foreach (var line in lines)
        {
            var touches = line.Contains("\"\"\"", StringComparison.Ordinal);
            yield return isInside || touches ? "" : line;
            isInside ^= line.Split("\"\"\"").Length % 2 == 0;
        }
    }

    private static IEnumerable<string> OutsideOfCode(IEnumerable<string> lines)
    {
        var isInside = false;
        foreach (var line in lines)
        {
            var touches = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            yield return isInside || touches ? "" : line;
            isInside ^= touches;
        }
    }

    [GeneratedRegex("(Manager|Helper|Service|Util|Utils|Utility|Impl)(`\\d+)?$")]
    private static partial Regex SaysNothing();

    [GeneratedRegex(
        @"(?<!Parle:|Parle__|test:)\b(lanes?|lane pass|switchboard|side tables?|kept answers|TakeTurn|AgentTurns|OtherNodes)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex OldWords();

    [GeneratedRegex(@"\b(Now|UtcNow|Today|TimeProvider|Stopwatch|NewGuid|CreateVersion7|Random|RandomNumberGenerator|Environment)\b")]
    private static partial Regex AsksTheWorld();
}
