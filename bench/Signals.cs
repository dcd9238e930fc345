using System.Runtime.InteropServices;

namespace Parle.Bench;

/// <summary>Signals to other processes; .NET itself can only kill.</summary>
internal static class Signals
{
    /// <summary>Asks a process to end in its own order.</summary>
    public const int Terminate = 15;

    /// <summary>Asks PostgreSQL to end at once, all its processes together.</summary>
    public const int Quit = 3;

    /// <summary>Sends a signal; one who is gone does not mind.</summary>
    public static void Send(int process, int signal) => _ = Kill(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
