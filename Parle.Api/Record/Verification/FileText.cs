using System.Text;

namespace Parle.Api.Record.Verification;

/// <summary>
/// Reads a file from an untrusted source, line by line: UTF-8 with or without a byte order mark, lines that end with LF or CRLF, without
/// blank ones. None of this affects the signed text.
/// </summary>
public static class FileText
{
    /// <summary>The format of a file, by its first line; null when it is unknown.</summary>
    internal static string? FormatOf(string line)
    {
        try
        {
            return StrictJson.Parse(line) is { ValueKind: System.Text.Json.JsonValueKind.Object } first && first.Maybe("format") is not null
                ? first.Text("format") : null;
        }
        catch (FormatException)
        {
            return null; // The first line of something that is spread over several.
        }
    }

    /// <summary>Most bytes of a line, several times the size of a fact with its contents.</summary>
    public const int MaxLine = 64 * 1024 * 1024;

    private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines of a file.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var stream = File.OpenRead(file);
        foreach (var line in Lines(stream))
        {
            yield return line;
        }
    }

    /// <summary>
    /// The lines of a stream, which stays open. A line that is not UTF-8, or is too long, becomes <see cref="Unreadable"/>.
    /// </summary>
    public static IEnumerable<string> Lines(Stream stream)
    {
        var (buffer, line, first, tooLong) = (new byte[64 * 1024], new MemoryStream(), true, false);
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            for (var from = 0; from < read;)
            {
                var end = buffer.AsSpan(from, read - from).IndexOf((byte)'\n');
                var part = buffer.AsSpan(from, end < 0 ? read - from : end);
                tooLong |= line.Length + part.Length > MaxLine;
                if (!tooLong)
                {
                    line.Write(part);
                }

                from += part.Length + (end < 0 ? 0 : 1);
                if (end >= 0)
                {
                    if (Text(line, first, tooLong) is { } text)
                    {
                        yield return text;
                    }

                    (first, tooLong) = (false, false);
                    line.SetLength(0);
                }
            }
        }

        if (Text(line, first, tooLong) is { } last)
        {
            yield return last;
        }
    }

    /// <summary>A text whose blank lines count, such as a signed note.</summary>
    /// <exception cref="FormatException">The text is not UTF-8, or is longer than a line may be.</exception>
    public static string Whole(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Length > MaxLine
                ? throw new FormatException($"it is longer than {MaxLine} bytes") : strict.GetString(WithoutByteOrderMark(bytes));
        }
        catch (DecoderFallbackException wrong)
        {
            throw new FormatException("it is no UTF-8", wrong);
        }
    }

    /// <summary>Stands for a line that cannot be read: no JSON begins so.</summary>
    public const string Unreadable = "\uFFFD";

    private static string? Text(MemoryStream line, bool first, bool tooLong)
    {
        ReadOnlySpan<byte> bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
        bytes = first ? WithoutByteOrderMark(bytes) : bytes;
        if (tooLong)
        {
            return Unreadable;
        }

        try
        {
            return bytes.ContainsAnyExcept(" \t\r"u8) ? strict.GetString(bytes) : null;
        }
        catch (DecoderFallbackException)
        {
            return Unreadable;
        }
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
}
