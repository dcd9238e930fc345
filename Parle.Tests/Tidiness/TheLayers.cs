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

    // Folders and files with SQL of their own, and why.
    private static readonly Dictionary<string, string> ownSql = new()
    {
        ["Writing"] = "one transaction writes facts and contents together, whichever tables these lie in",
        ["LocalPostgres"] = "makes the database and its owner, before there is a table",
        ["Database/ParleDatabase.cs"] = "makes each connection act as the role of the service",
        ["Database/ParleSchema.cs"] = "asks for the tables, guards and rights that there are, not for rows",
        ["Database/SchemaSeen.cs"] = "asks for the tables and guards that there are, not for rows",
        ["Wakeups/NotificationRelay.cs"] = "LISTEN and NOTIFY are about no table",
    };

    // It finds the numbers.
    private const string ReadsByNumber = "Query.cs";

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

    /// A statement lies in Parle.Projections, beside the table that it is about.
    [Fact]
    public void leave_sql_to_the_projections() => Assert.Empty(
        from file in Files()
        where !ownSql.Keys.Any(own => file.StartsWith(Path.Combine(["Parle.Api", .. own.Split('/')]), StringComparison.Ordinal))
        from literal in Literals(file)
        where Sql().IsMatch(literal.Text)
        select $"{file}:{literal.Line}: {literal.Text.Trim().Split('\n')[0]}");

    /// A column that is read by its number is read wrongly once the statement has another column before it. Query.cs finds the numbers.
    [Fact]
    public void read_columns_by_their_names() => Assert.Empty(
        from file in SourceFiles.All(".cs")
        where file.StartsWith("Parle.Api", StringComparison.Ordinal) || file.StartsWith("Parle.Projections", StringComparison.Ordinal)
        where Path.GetFileName(file) != ReadsByNumber
        from line in SourceFiles.Lines(file).Index()
        where ByNumber().IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}");

    private static IEnumerable<string> Files() => SourceFiles.All(".cs").Where(file => file.StartsWith(
        "Parle.Api" + Path.DirectorySeparatorChar, StringComparison.Ordinal) && file.Count(c => c == Path.DirectorySeparatorChar) > 1);

    private static string FolderOf(string file) => file.Split(Path.DirectorySeparatorChar)[1];

    private static IEnumerable<string> Uses(string file) =>
        SourceFiles.Lines(file).Select(line => Used().Match(line)).Where(used => used.Success).Select(used => used.Groups["folder"].Value);

    private static IEnumerable<(int Line, string Text)> Literals(string file)
    {
        var text = string.Join('\n', SourceFiles.Lines(file));
        return Literal().Matches(text).Select(found => (text.AsSpan(0, found.Index).Count('\n') + 1, found.Groups["text"].Value));
    }

    [GeneratedRegex(@"(?<![.\w])Actions\.(All|Index|PathParameters)")]
    private static partial Regex OfTheIndex();

    // Comments and characters are matched, so that a quotation mark in them begins no text.
    [GeneratedRegex(
        """
        //[^\n]*|'(\\.|[^'\\\n])+'|(?<quotes>"{3,})(?<text>.*?)\k<quotes>|"(?<text>(\\.|[^"\\\n])*)"
        """,
        RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex(
        @"^\s*(select|insert into|delete from|update \S+ set|with \w+( \([^)]*\))? as|lock table|listen|create (table|role|database|schema)"
        + @"|alter|drop|grant|comment on|do \$\w*\$|set local|truncate|copy)\b|\b(from|join|into|update) (parle\.|\{ParleStore)")]
    private static partial Regex Sql();

    [GeneratedRegex(
        @"\.((?<!RandomNumberGenerator\.)Get(FieldValue|Guid|String|Boolean|Int16|Int32|Int64|DateTime)|IsDBNull)\w*(<[^()]*>)?\(\d"
        + @"|\.GetOrdinal\(")]
    private static partial Regex ByNumber();

    [GeneratedRegex(@"^using (static )?(\w+ = )?Parle\.Api\.(?<folder>\w+)")]
    private static partial Regex Used();

    [GeneratedRegex(@"\bParle\.Api\.[A-Z]\w+\.[A-Z]")]
    private static partial Regex Qualified();
}
