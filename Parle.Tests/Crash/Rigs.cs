namespace Parle.Tests.Crash;

/// Runs whole services under load: two at the same time, since more would starve each other on a small machine.
internal static class Rigs
{
    public const string One = "Parle.Tests.Crash.One";
    public const string Other = "Parle.Tests.Crash.Other";
}
