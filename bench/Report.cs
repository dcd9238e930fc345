using System.Globalization;

namespace Parle.Bench;

/// <summary>The table, printed line by line as measurements come in, and what it says of the targets.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly List<string> errors = [];
    private readonly List<string> targets = [];

    /// <summary>Prints the heading.</summary>
    public void Begin()
    {
        output.WriteLine();
        output.WriteLine($"{"",-46} {"Parle",28}   {"bound",28}   {"",6} {"",6}   µs of cpu for one answer         cores");
        output.WriteLine(Line("scenario", "rate/s", "p50 ms", "p99 ms", "rate/s", "p50 ms", "p99 ms", "ratio", "errors",
            Columns("server", "postgres", "load", "bound", "others")));
        output.WriteLine(new string('-', 166));
    }

    /// <summary>Prints one scenario beside its bound. Rates compare as rates, mere latencies as latencies.</summary>
    public void Add(
        string scenario, Measurement parle, Measurement? bound, CpuShare? cpu = null, CpuShare? boundCpu = null, Target? target = null)
    {
        var ratio = bound is null ? null : parle.Rate is null ? parle.P50 / bound.P50 : parle.Rate / bound.Rate;
        output.WriteLine(Line(
            scenario, Rate(parle), Milliseconds(parle.P50), Milliseconds(parle.P99), Rate(bound), Milliseconds(bound?.P50),
            Milliseconds(bound?.P99), ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
            parle.Errors.ToString(CultureInfo.InvariantCulture), Cpu(parle.Rate, cpu, bound?.Rate, boundCpu)));
        Note(scenario, parle);
        if (target is not null && bound is not null)
        {
            Aim(scenario, Told(parle), Told(bound), ratio!.Value, target);
        }
    }

    /// <summary>Keeps for the end how a target was met.</summary>
    public void Aim(string what, string measured, string bound, double ratio, Target target) =>
        targets.Add(string.Create(CultureInfo.InvariantCulture, $"| {what} | {measured} | {bound} | {ratio:0.00} | {target} |"));

    /// <summary>
    /// Keeps for the end how much more time something took than something else, and how much it may be; null where any may.
    /// </summary>
    public void AimMore(string what, TimeSpan measured, TimeSpan beside, TimeSpan? atMost) => targets.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {measured.TotalMilliseconds:0.00} ms | {beside.TotalMilliseconds:0.00} ms | "
        + $"{(measured - beside).TotalMilliseconds:+0.00;-0.00} ms | "
        + $"{(atMost is { } most ? $"≤ +{most.TotalMilliseconds:0.##} ms" : "")} |"));

    /// <summary>Prints what fits in no column.</summary>
    public void Say(string line) => output.WriteLine(line);

    /// <summary>Prints what the targets came to, as Markdown, and what went wrong, if anything.</summary>
    public void End()
    {
        output.WriteLine();
        if (targets.Count > 0)
        {
            output.WriteLine("| | measured | bound | ratio | target |");
            output.WriteLine("|---|---:|---:|---:|---:|");
            targets.ForEach(output.WriteLine);
            output.WriteLine();
        }

        errors.ForEach(output.WriteLine);
    }

    /// <summary>A measurement in a few words.</summary>
    public static string Told(Measurement measured) => measured.Rate is { } rate
        ? string.Create(CultureInfo.InvariantCulture,
            $"{rate:0}/s, p50 {measured.P50.TotalMilliseconds:0.00} ms, p99 {measured.P99.TotalMilliseconds:0.00} ms")
        : string.Create(
            CultureInfo.InvariantCulture, $"p50 {measured.P50.TotalMilliseconds:0.00} ms, p99 {measured.P99.TotalMilliseconds:0.00} ms");

    private void Note(string what, Measurement? measured)
    {
        if (measured?.FirstError is { } first)
        {
            errors.Add($"{what}: {measured.Errors} errors, the first: {first}");
        }
    }

    private static string Line(string scenario, string rate, string p50, string p99, string boundRate, string boundP50, string boundP99,
        string ratio, string errors, string cpu) =>
        $"{scenario,-46} {rate,10} {p50,8} {p99,8}   {boundRate,10} {boundP50,8} {boundP99,8}   {ratio,6} {errors,6}   {cpu}";

    private static string Cpu(double? rate, CpuShare? cpu, double? boundRate, CpuShare? boundCpu) => cpu is null ? "" : Columns(
        PerAnswer(cpu.Server, rate), PerAnswer(cpu.Postgres, rate), PerAnswer(cpu.Load, rate), PerAnswer(boundCpu?.Postgres, boundRate),
        cpu.Others.ToString("0.0", CultureInfo.InvariantCulture));

    private static string PerAnswer(double? cores, double? rate) => (1e6 * cores / rate)?.ToString("0", CultureInfo.InvariantCulture) ?? "";

    private static string Columns(string server, string postgres, string load, string bound, string others) =>
        $"{server,7} {postgres,8} {load,6} {bound,6}   {others,6}";

    private static string Rate(Measurement? measured) => measured?.Rate?.ToString("0", CultureInfo.InvariantCulture) ?? "";

    private static string Milliseconds(TimeSpan? time) => time?.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
