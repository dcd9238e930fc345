using System.Text.RegularExpressions;

namespace Parle.Tests.Tidiness;

/// Parle.Api is layers below and slices above. A file uses its own folder and those before it in this list: so there is no cycle.
public sealed partial class TheLayers
{
    private static readonly string[] order =
    [
        // Layers.
        "Platform", "LocalPostgres", "Bounds", "Database", "Wire", "Callers", "Registry", "Contract", "Wakeups", "Writing", "Reading",
        "Mail",
        // Slices.
        "Accounts", "Sessions", "Tokens", "Aliases", "Agents", "Rooms", "Asks", "Delivery", "Invitations", "Auditing", "Record",
        "Provisioning",
        // Folders that know all of them.
        "Discovery", "Hosting", "Cli",
    ];

    [Fact]
    public void are_all_in_the_list() => Assert.Equal(Files().Select(FolderOf).Distinct().Order(), order.Order());

    [Fact]
    public void use_only_what_is_below_them() => Assert.Empty(
        from file in Files()
        from used in Uses(file)
        where Array.IndexOf(order, used) > Array.IndexOf(order, FolderOf(file))
        select $"{file} uses {used}");

    [Fact]
    public void are_without_a_way_round_the_list() => Assert.Empty(
        from file in Files()
        from line in SourceFiles.Lines(file).Index()
        where !Used().IsMatch(line.Item) && Qualified().IsMatch(line.Item.Split("//")[0])
        && !line.Item.StartsWith("namespace ", StringComparison.Ordinal) && !line.Item.Contains("MessageIdentity", StringComparison.Ordinal)
        select $"{file}:{line.Index + 1}: name the folder in a using, where it is seen");

    /// The index lies above the slices, in the namespace that all of them see: no using would tell.
    [Fact]
    public void know_no_index_of_all_actions_before_discovery() => Assert.Empty(
        from file in Files()
        where Array.IndexOf(order, FolderOf(file)) < Array.IndexOf(order, "Discovery")
        from line in SourceFiles.Lines(file).Index()
        where OfTheIndex().IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    /// Views are read in Parle.Projections. The record writes its keys and takes in rooms, which no view does.
    [Fact]
    public void leave_queries_of_views_to_the_projections() => Assert.Empty(
        from file in Files()
        where Array.IndexOf(order, FolderOf(file)) >= Array.IndexOf(order, "Reading")
        where FolderOf(file) is not ("Record" or "Hosting" or "Cli")
        from line in SourceFiles.Lines(file).Index()
        where ReadsAView().IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    private static IEnumerable<string> Files() => SourceFiles.All(".cs").Where(file => file.StartsWith(
        "Parle.Api" + Path.DirectorySeparatorChar, StringComparison.Ordinal) && file.Count(c => c == Path.DirectorySeparatorChar) > 1);

    private static string FolderOf(string file) => file.Split(Path.DirectorySeparatorChar)[1];

    private static IEnumerable<string> Uses(string file) =>
        SourceFiles.Lines(file).Select(line => Used().Match(line)).Where(used => used.Success).Select(used => used.Groups["folder"].Value);

    [GeneratedRegex(@"(?<![.\w])Actions\.(All|Index|PathParameters)")]
    private static partial Regex OfTheIndex();

    [GeneratedRegex(@"\b(from|join|into|update) parle\.[a-z_]+")]
    private static partial Regex ReadsAView();

    [GeneratedRegex(@"^using (static )?(\w+ = )?Parle\.Api\.(?<folder>\w+)")]
    private static partial Regex Used();

    [GeneratedRegex(@"\bParle\.Api\.[A-Z]\w+\.[A-Z]")]
    private static partial Regex Qualified();
}
