using System.Globalization;

namespace Parle.Domain.Record;

/// <summary>The signed statement about a log: its size, its root (C2SP tlog-checkpoint) and the time of signing.</summary>
/// <param name="Origin">The log's name: the signer's name, and a path.</param>
/// <param name="Size">The number of facts in the log.</param>
/// <param name="Root">The root over them, 32 bytes.</param>
/// <param name="At">The time of the signature, to the second; stated in an extension line.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root, DateTimeOffset At)
{
    private const string TimeLine = "time ";

    /// <summary>The log of a room's whole record.</summary>
    public static string OriginOfRoom(string name, Guid roomID) => $"{name}/rooms/{roomID:D}";

    /// <summary>The log of one seat's view of a room.</summary>
    public static string OriginOfView(string name, Guid roomID, Guid seatID) => $"{name}/rooms/{roomID:D}/seats/{seatID:D}";

    /// <summary>The text that is signed; each line ends with a newline.</summary>
    public string Text => $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToBase64String(Root)}\n{TimeLine}"
        + $"{At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\n";

    /// <summary>Parses <see cref="Text"/>; null when it is malformed.</summary>
    public static Checkpoint? Parse(string text) =>
        text.Split('\n') is [{ Length: > 0 } origin, var size, var root, var time, ""]
        && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves)
        && Convert.TryFromBase64String(root, new byte[32], out var length) && length == 32
        && time.StartsWith(TimeLine, StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(
            time[TimeLine.Length..], "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && new Checkpoint(origin, leaves, Convert.FromBase64String(root), at) is var checkpoint && checkpoint.Text == text
            ? checkpoint : null;
}
