using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Parle.Api.Wire;
using Parle.Domain.Record;
using Parle.Projections.Auditing;
using Parle.Projections.Record;

namespace Parle.Api.Record;

/// <summary>The result of an export.</summary>
/// <param name="Facts">The number of facts.</param>
/// <param name="Broken">Whether the record contradicts its signed checkpoints. Such a file is evidence, and fails verification.</param>
public sealed record ExportedRoom(long Facts, bool Broken);

/// <summary>
/// Exports a room as one file of JSON lines: a header, all signed notes, the facts in order, an end. The file can be verified without the
/// service (see <see cref="Verification.ExportCheck"/>), and imported by another one. It shows the room at one moment: facts recorded
/// meanwhile are left out, and contents redacted meanwhile are still in it.
/// </summary>
public sealed class RoomExport(NpgsqlDataSource database, Checkpoints checkpoints, SigningKeys keys, TimeProvider clock)
{
    /// <summary>The format's name in the first line.</summary>
    public const string FormatName = "parle-room/1";

    private const int AtOnce = 500;

    /// <summary>Writes the file. An output without its last line is incomplete.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="contents">Whether to include contents.</param>
    /// <param name="output">The output; nothing is written when there is no such room.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The result; null when there is no such room.</returns>
    public async Task<ExportedRoom?> Write(Guid roomID, bool contents, TextWriter output, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        if (await RoomRecord.SizeOfRoom(connection, roomID, cancellation) is not (> 0 and var size))
        {
            return null;
        }

        // All facts in the notes signed so far are visible here, since both only grow.
        var notes = await SignedNotes.OfRoom(connection, roomID, cancellation);
        var broken = false;
        try
        {
            var covering = (await checkpoints.Exactly(new RoomLog(roomID), size, cancellation)).Note;
            notes = notes.Contains(covering) ? notes : [covering, .. notes];
        }
        catch (BrokenRecordException)
        {
            broken = true; // Written as it is, with the earlier notes, so that the changed fact can be found.
        }

        var published = PublishedKeys.Of(await keys.AllNow(cancellation)); // After the signing: it may have been with a new key.
        await Line(output, new ExportHeader(FormatName, roomID, published.Name, clock.GetUtcNow(), size, contents, published.Keys));
        foreach (var note in notes)
        {
            await Line(output, new ExportedCheckpoint(note));
        }

        for (var after = 0L; after < size;)
        {
            var facts = await RecordPage.Facts(connection, roomID, after, (int)Math.Min(AtOnce, size - after), cancellation);
            var words = contents
                ? await RecordPage.Contents(connection, roomID, [.. facts.SelectMany(fact => fact.ContentIDs)], cancellation) : null;
            var leaves = await RoomRecord.KeptLeaves(connection, roomID, after, facts.Count, cancellation);
            foreach (var fact in facts)
            {
                var entry = CanonicalFact.EntryOf(roomID, fact.EventID, fact.Type, fact.At, fact.Data, fact.Headers, fact.Correlation);
                await Line(output, new ExportedFact(
                    fact.Version, JsonElement.Parse(entry), leaves.GetValueOrDefault(fact.Version),
                    words is null || fact.ContentIDs.Count == 0 ? null
                        : [.. fact.ContentIDs.Select(id => words.TryGetValue(id, out var found)
                            ? new ExportedContent(id, found.Salt, found.Body) : new(id, null, null))]));
            }

            if (facts.Count == 0)
            {
                break; // Facts are gone; the end will not say what the header said.
            }

            after = facts[^1].Version;
        }

        await Line(output, new ExportEnd(new(size)));
        return new(size, broken);
    }

    /// <summary>
    /// Writes to a file, or to standard output. An existing file of that name stays until the new one is complete and on disk.
    /// </summary>
    /// <param name="file">The file; null for standard output.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="contents">Whether to include contents.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The result, null when there is no such room, and a message for the user. A broken record gets a file name of its own, so
    /// that it replaces no good file.</returns>
    public async Task<(ExportedRoom? Exported, string Said)> To(string? file, Guid roomID, bool contents, CancellationToken cancellation)
    {
        if (file is null)
        {
            return (await Write(roomID, contents, Console.Out, cancellation), "Verify the output: it names the first fact that is bad.");
        }

        if (Path.GetFullPath(file).StartsWith("/dev/", StringComparison.Ordinal))
        {
            await using var device = new StreamWriter(file); // There is nothing to keep, and nothing to put in its place.
            return (await Write(roomID, contents, device, cancellation), "Verify the output: it names the first fact that is bad.");
        }

        var beside = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            ExportedRoom? exported;
            await using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await using (var output = new StreamWriter(stream, leaveOpen: true))
                {
                    exported = await Write(roomID, contents, output, cancellation);
                }

                stream.Flush(flushToDisk: true);
            }

            if (exported is null)
            {
                return (null, "");
            }

            var target = exported.Broken ? $"{file}.broken" : file;
            File.Move(beside, target, overwrite: true);
            return (exported, $"What there is lies in {target}; verify it: it names the first fact that is bad.");
        }
        finally
        {
            File.Delete(beside); // It still exists if it was not moved.
        }
    }

    private static Task Line<T>(TextWriter output, T line) => output.WriteLineAsync(JsonSerializer.Serialize(line, WireJson.Options));
}

/// <summary>The first line of an exported room.</summary>
/// <param name="Format">The file's format.</param>
/// <param name="RoomID">The room.</param>
/// <param name="Name">The service's name in its signatures.</param>
/// <param name="ExportedAt">The moment of the export.</param>
/// <param name="Facts">The number of facts that follow.</param>
/// <param name="Contents">Whether contents are included.</param>
/// <param name="Keys">The service's public keys, as published.</param>
public sealed record ExportHeader(
    string Format, Guid RoomID, string Name, DateTimeOffset ExportedAt, long Facts, bool Contents, IReadOnlyList<PublishedKeyView> Keys);

/// <summary>A signed note of the room's record, or of a view of it.</summary>
/// <param name="Checkpoint">The signed note.</param>
public sealed record ExportedCheckpoint(string Checkpoint);

/// <summary>A fact.</summary>
/// <param name="Version">Its place in the record, from 1.</param>
/// <param name="Fact">Its entry in the room's log. The digest is over the entry's canonical form (RFC 8785).</param>
/// <param name="Leaf">The digest that was kept when it was recorded, in base64; absent when none was.</param>
/// <param name="Contents">The contents that it commits to; absent unless requested.</param>
public sealed record ExportedFact(
    long Version, JsonElement Fact, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Leaf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ExportedContent>? Contents);

/// <summary>Content; without salt and body when it is erased.</summary>
/// <param name="ContentID">The content's id.</param>
/// <param name="Salt">The salt, in base64.</param>
/// <param name="Body">The canonical text.</param>
public sealed record ExportedContent(Guid ContentID, byte[]? Salt, string? Body);

/// <summary>The last line. A file without it is incomplete.</summary>
/// <param name="End">The counts.</param>
public sealed record ExportEnd(ExportedCounts End);

/// <summary>Counts of an exported file.</summary>
/// <param name="Facts">The number of facts.</param>
public sealed record ExportedCounts(long Facts);
