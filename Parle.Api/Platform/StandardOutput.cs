using System.Text;

namespace Parle.Api.Platform;

/// <summary>Standard output for text that must not be lost unnoticed, such as a token that is shown once.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>
    /// Whether standard output is open. Asked before all else: a file that is opened later could take the place of a closed one.
    /// </summary>
    public static bool IsThere()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput() != Stream.Null;
        }

        try
        {
            Posix.Write(Descriptor, []);
            return !OperatingSystem.IsLinux()
                || File.ResolveLinkTarget($"/proc/self/fd/{Descriptor}", returnFinalTarget: false) is not { Name: var leads }
                || !leads.StartsWith("anon_inode:", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Writes a text. Returns when the system has taken all of it.</summary>
    /// <exception cref="IOException">The text cannot be written: the reader has gone, or the disk is full.</exception>
    public static void Write(string text)
    {
        if (OperatingSystem.IsWindows())
        {
            using var output = Console.OpenStandardOutput();
            output.Write(Encoding.UTF8.GetBytes(text));
            return;
        }

        Posix.Write(Descriptor, Encoding.UTF8.GetBytes(text));
    }
}
