using System.Globalization;

namespace Parle.Tests.Service;

/// Ctrl-C. A shell without a terminal has what it starts in the background ignore it, and that is handed down to every process.
public static class Interrupt
{
    private const int Number = 2;

    /// Skips a test of Ctrl-C where nobody could hear it.
    public static void MustBeHeard() =>
        Assert.SkipWhen(IsIgnored(), "SIGINT is ignored by whoever started the tests. Start them in the foreground.");

    private static bool IsIgnored() =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (ulong.Parse(ignored["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (Number - 1)))
            != 0;
}
