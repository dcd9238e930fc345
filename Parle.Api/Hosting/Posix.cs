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
    private const int mapThreshold = -3;
    private const int currentFolder = -100; // AT_FDCWD
    private const int noFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint ownerWanted = 0x8; // STATX_UID
    private const string glibc = "libc.so.6";

    /// <summary>Whether the process table has this pid: also true of zombies and of other users' processes.</summary>
    public static bool HasProcess(int pid) => Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() != noSuchProcess;

    /// <summary>Sends a signal; false when it could not be sent.</summary>
    public static bool Signal(int pid, int signal) => Kill(pid, signal) == 0;

    /// <summary>As whom this process acts.</summary>
    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern uint User();

    /// <summary>Who owns a file, or with <paramref name="follow"/> what a link leads to; null where this system cannot tell. Only for Linux.</summary>
    public static uint? Owner(string path, bool follow)
    {
        Span<byte> status = stackalloc byte[256]; // struct statx, the same on every architecture: the owner's id stands at 20.
        try
        {
            return StatX(currentFolder, Encoding.UTF8.GetBytes(path + '\0'), follow ? 0 : noFollow, ownerWanted, ref MemoryMarshal.GetReference(status)) == 0 ? MemoryMarshal.Read<uint>(status[20..]) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // An older C library.
        }
    }

    /// <summary>Makes a folder's entries durable, such as a rename within it.</summary>
    public static void Flush(string folder)
    {
        using var handle = new SafeFileHandle(Open(Encoding.UTF8.GetBytes(folder + '\0'), 0), ownsHandle: true);
        if (handle.IsInvalid)
            throw new IOException($"{folder} cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>
    /// Hands memory back to the system that the C library keeps for later, and from now on such blocks as soon as they are free: the
    /// compiler of .NET works in blocks of 64 KiB, and leaves megabytes of them behind. Only glibc can.
    /// </summary>
    public static void TrimMemory()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad(glibc, out var c) && NativeLibrary.TryGetExport(c, "malloc_trim", out _))
        {
            _ = SetMalloc(mapThreshold, 64 * 1024);
            _ = Trim(0);
        }
    }

    [DllImport(glibc, EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetMalloc(int parameter, int value);

    [DllImport(glibc, EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nint pad);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, ref byte status);
}
