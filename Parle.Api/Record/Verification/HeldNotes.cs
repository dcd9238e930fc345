namespace Parle.Api.Record.Verification;

/// <summary>Signed notes that a user kept elsewhere, and that a file must agree with.</summary>
public static class HeldNotes
{
    /// <summary>The signed notes in a file: the note as it is, or those of a receipt, a checkpoint or an export.</summary>
    /// <exception cref="FormatException">The file holds none; the message names the file.</exception>
    public static IReadOnlyList<string> Of(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file); // Once: it may be a pipe.
            var lines = FileText.Lines(new MemoryStream(bytes)).ToList();
            var notes = lines is not [['{', ..], ..] ? [FileText.Whole(bytes)]
                : FileText.FormatOf(lines[0]) == RoomExport.FormatName ? [.. lines.Select(StrictJson.Parse)
                    .Where(line => line.Maybe("checkpoint") is not null).Select(line => line.Text("checkpoint"))]
                : (IReadOnlyList<string>)[StrictJson.Parse(string.Join('\n', lines)).Text("checkpoint")];
            return notes.Count > 0 && notes.All(note => SignedNote.Parse(note) is not null)
                ? notes : throw new FormatException("it holds no signed checkpoint");
        }
        catch (Exception unreadable)
            when (unreadable is FormatException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"--checkpoint {file} cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
