using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Parle.Api.Platform;

/// <summary>The few system calls that .NET does not offer. Not for Windows.</summary>
internal static class Posix
{
    /// <summary>
    /// An ordinary user of this machine. initdb looks up its user's name, so /etc/passwd must have the id, even within a user namespace.
    /// </summary>
    internal static (string Uid, string Gid) PlainUser()
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(user => user.Length > 3 && user[2] != "0").ToList();
        var user = users.Find(user => user[0] == "postgres") ?? users.Find(user => user[0] == "nobody") ?? users.FirstOrDefault();
        return user is null ? ("1000", "1000") : (Checked(user[2]), Checked(user[3]));
    }

    private static string Checked(string id) => uint.Parse(id, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    public const int Interrupt = 2;
    public const int Quit = 3;
    private const int interrupted = 4; // EINTR
    private static readonly int again = OperatingSystem.IsLinux() ? 11 : 35; // EAGAIN
    private const int noSuchProcess = 3;
    private const int mapThreshold = -3;
    private const int currentFolder = -100; // AT_FDCWD
    private const int noFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint ownerWanted = 0x8; // STATX_UID
    private const uint groupWanted = 0x10; // STATX_GID
    private const string glibc = "libc.so.6";

    /// <summary>Whether the process table has this pid: also true of zombies and of other users' processes.</summary>
    public static bool HasProcess(int pid) => Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() != noSuchProcess;

    /// <summary>Sends a signal; false when it could not be sent.</summary>
    public static bool Signal(int pid, int signal) => Kill(pid, signal) == 0;

    /// <summary>The effective user id of this process.</summary>
    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern uint User();

    [DllImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Group();

    /// <summary>
    /// The owner of a file, or with <paramref name="follow"/> of a link's target; null where the system cannot tell. Only for Linux.
    /// </summary>
    public static uint? Owner(string path, bool follow) => Status(path, follow, ownerWanted, 20);

    /// <summary>The group of a file, with links followed; null where the system cannot tell. Only for Linux.</summary>
    public static uint? Group(string path) => Status(path, follow: true, groupWanted, 24);

    private static uint? Status(string path, bool follow, uint wanted, int place)
    {
        // struct statx, the same on every architecture: the owner's id stands at 20, the group's at 24.
        Span<byte> status = stackalloc byte[256];
        try
        {
            return StatX(currentFolder, Encoding.UTF8.GetBytes(path + '\0'), follow ? 0 : noFollow, wanted,
                ref MemoryMarshal.GetReference(status)) == 0 ? MemoryMarshal.Read<uint>(status[place..]) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // An older C library.
        }
    }

    /// <summary>
    /// Writes all of <paramref name="bytes"/> to a file descriptor. .NET's console ignores a closed pipe silently; this method throws.
    /// </summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        do
        {
            var written = Write(descriptor, in MemoryMarshal.GetReference(bytes), bytes.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() is var error)
            {
                if (error != interrupted && error != again)
                {
                    throw new IOException(Marshal.GetPInvokeErrorMessage(error));
                }

                Thread.Sleep(error == again ? 5 : 0); // A terminal that another program left as one that does not wait.
                continue;
            }

            bytes = bytes[(int)written..];
        }
        while (bytes.Length > 0);
    }

    /// <summary>Whether a group is root's, or has this account as its only member.</summary>
    public static bool IsOwnGroup(uint group)
    {
        try
        {
            var user = $"{User()}";
            var name = File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
                .FirstOrDefault(one => one.Length > 3 && one[2] == user)?[0];
            return group == 0
                || (group == Group()
                    && File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
                        .All(one => one.Length < 4 || one[3] != $"{group}" || one[2] == user || one[2] == "0")
                    && File.ReadLines("/etc/group").Select(line => line.Split(':')).All(one => one.Length < 4 || one[2] != $"{group}"
                        || one[3].Split(',').All(member => member.Length == 0 || member == name)));
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return false;
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
    /// Returns free memory of the C library to the system, now and as soon as large blocks are freed: the compiler of .NET works in blocks
    /// of 64 KiB, and leaves megabytes of them behind. Only for glibc.
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

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int descriptor, in byte bytes, nint count);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, ref byte status);
}
