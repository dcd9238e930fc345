using System.Globalization;

namespace Parle.Tests.Service;

/// The factor by which a long run, beside CI, does more than every run: PARLE_SOAK=10 dotnet test.
public static class Soak
{
    /// By how much everything is multiplied.
    public static int Factor { get; } = int.Parse(Environment.GetEnvironmentVariable("PARLE_SOAK") ?? "1", CultureInfo.InvariantCulture);

    public static int Times(int often) => often * Factor;
}
