using System.Globalization;

namespace Parle.Bench;

/// <summary>The scenarios to measure, and their length.</summary>
/// <param name="Time">The time of each measurement, after its warm-up.</param>
/// <param name="Only">The scenarios chosen, by name; empty for all.</param>
/// <param name="Api">The built server to measure.</param>
/// <param name="ApiIsGiven">Whether somebody named it; otherwise it is the release build, and what is measured as deployed is
/// published.</param>
/// <param name="Facts">The number of facts in the rebuild scenario.</param>
/// <param name="Rows">The number of rows in the large room.</param>
/// <param name="Bound">Whether to measure PostgreSQL alone beside each scenario.</param>
internal sealed record Options(
    TimeSpan Time, IReadOnlyCollection<string> Only, string Api, bool ApiIsGiven, long Facts, int Rows, bool Bound)
{
    /// <summary>The usage.</summary>
    public const string Usage = """
        dotnet run -c Release --project bench [-- OPTIONS]
          --seconds N      how long each measurement takes (5)
          --only A,B       of start, submits, replays, reads, wake, streams, broadcasts, rooms,
                           flat, idle, rebuild (all)
          --api FILE       another build of the server: its Parle.Api.dll
          --facts N        how many facts are replayed by rebuild (100000)
          --rows N         how many rows the large room of flat has (1000000)
          --no-bound       leave pgbench out
        """;

    /// <summary>Reads the command line; null when it cannot be read.</summary>
    public static Options? Read(string[] arguments)
    {
        var options = new Options(TimeSpan.FromSeconds(5), [], BuiltServer(), ApiIsGiven: false, 100_000, 1_000_000, Bound: true);
        for (var rest = arguments; rest.Length > 0;)
        {
            switch (rest)
            {
                case ["--seconds", var text, ..] when double.TryParse(
                    text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    (options, rest) = (options with { Time = TimeSpan.FromSeconds(seconds) }, rest[2..]);
                    break;
                case ["--only", var names, ..] when names.Split(',') is var only && only.All(Scenario.Names.Contains):
                    (options, rest) = (options with { Only = only }, rest[2..]);
                    break;
                case ["--api", var file, ..] when File.Exists(file):
                    (options, rest) = (options with { Api = Path.GetFullPath(file), ApiIsGiven = true }, rest[2..]);
                    break;
                case ["--facts", var text, ..]
                    when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var facts) && facts > 0:
                    (options, rest) = (options with { Facts = facts }, rest[2..]);
                    break;
                case ["--rows", var text, ..]
                    when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows >= Flat.Small:
                    (options, rest) = (options with { Rows = rows }, rest[2..]);
                    break;
                case ["--no-bound", ..]:
                    (options, rest) = (options with { Bound = false }, rest[1..]);
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    /// <summary>Whether the scenario of this name is to run.</summary>
    public bool Wants(string scenario) => Only.Count == 0 || Only.Contains(scenario);

    /// <summary>Where all sources are.</summary>
    public static DirectoryInfo Repository => Framework.Parent!.Parent!.Parent!.Parent!;

    private static DirectoryInfo Framework { get; } = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    // bench/bin/Release/net10.0 beside Parle.Api/bin/Release/net10.0: built together, in the same configuration.
    private static string BuiltServer() =>
        Path.Combine(Repository.FullName, "Parle.Api", "bin", Framework.Parent!.Name, Framework.Name, "Parle.Api.dll");
}
