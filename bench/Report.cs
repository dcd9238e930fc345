using System.Globalization;

namespace Parle.Bench;

/// <summary>The table, printed line by line as measurements come in.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly List<string> errors = [];

    /// <summary>Prints the heading.</summary>
    public void Begin()
    {
        output.WriteLine();
        output.WriteLine($"{"",-42} {"Parle",28}   {"bound",28}   {"",6} {"",6}   µs of cpu for one answer   cores");
        output.WriteLine(Line("scenario", "rate/s", "p50 ms", "p99 ms", "rate/s", "p50 ms", "p99 ms", "ratio", "errors", Columns("server", "postgres", "load", "others")));
        output.WriteLine(new string('-', 164));
    }

    /// <summary>Prints one scenario beside its bound. Rates compare as rates, mere latencies as latencies.</summary>
    public void Add(string scenario, Measurement parle, Measurement? bound, CpuShare? cpu = null)
    {
        var ratio = bound is null ? null : parle.Rate is null ? parle.P50 / bound.P50 : parle.Rate / bound.Rate;
        output.WriteLine(Line(
            scenario, Rate(parle), Milliseconds(parle.P50), Milliseconds(parle.P99), Rate(bound), Milliseconds(bound?.P50), Milliseconds(bound?.P99),
            ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "", parle.Errors.ToString(CultureInfo.InvariantCulture), Cpu(parle.Rate, cpu)));
        if (parle.FirstError is { } first)
        {
            errors.Add($"{scenario}: {parle.Errors} errors, the first: {first}");
        }
    }

    /// <summary>Prints what went wrong, if anything.</summary>
    public void End()
    {
        output.WriteLine();
        errors.ForEach(output.WriteLine);
    }

    private static string Line(string scenario, string rate, string p50, string p99, string boundRate, string boundP50, string boundP99, string ratio, string errors, string cpu) =>
        $"{scenario,-42} {rate,10} {p50,8} {p99,8}   {boundRate,10} {boundP50,8} {boundP99,8}   {ratio,6} {errors,6}   {cpu}";

    private static string Cpu(double? rate, CpuShare? cpu)
    {
        return rate is null || cpu is null ? "" : Columns(PerAnswer(cpu.Server), PerAnswer(cpu.Postgres), PerAnswer(cpu.Load), cpu.Others.ToString("0.0", CultureInfo.InvariantCulture));

        string PerAnswer(double cores) => (1e6 * cores / rate.Value).ToString("0", CultureInfo.InvariantCulture);
    }

    private static string Columns(string server, string postgres, string load, string others) => $"{server,7} {postgres,8} {load,8}   {others,6}";

    private static string Rate(Measurement? measured) => measured?.Rate?.ToString("0", CultureInfo.InvariantCulture) ?? "";

    private static string Milliseconds(TimeSpan? time) => time?.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
