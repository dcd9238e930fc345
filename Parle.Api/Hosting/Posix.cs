using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Parle.Api.Hosting;

/// <summary>The few system calls that .NET does not offer. Not for Windows.</summary>
internal static class Posix
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    private const int noSuchProcess = 3;

    /// <summary>Whether the process table has this pid: also true of zombies and of other users' processes.</summary>
    public static bool HasProcess(int pid) => Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() != noSuchProcess;

    /// <summary>Sends a signal; false when it could not be sent.</summary>
    public static bool Signal(int pid, int signal) => Kill(pid, signal) == 0;

    /// <summary>Makes a folder's entries durable, such as a rename within it.</summary>
    public static void Flush(string folder)
    {
        using var handle = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(folder + '\0'), 0), ownsHandle: true);
        if (handle.IsInvalid)
            throw new IOException($"{folder} cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open(byte[] path, int flags);
}
