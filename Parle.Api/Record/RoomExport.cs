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
/// <param name="Facts">How many facts.</param>
/// <param name="Broken">Whether the record contradicts what was signed of it: then the file is evidence, and does not hold.</param>
public sealed record ExportedRoom(long Facts, bool Broken);

/// <summary>
/// A room as one file of lines of JSON: what it is, all that was signed of it, its facts in their order, its end. It can be
/// verified from there on without the service (see <see cref="Verification.ExportCheck"/>), and taken in by another one.
/// It is the room as it was at one moment: what is written to it meanwhile is not in it, and words that are redacted meanwhile are.
/// </summary>
public sealed class RoomExport(NpgsqlDataSource database, Checkpoints checkpoints, SigningKeys keys, TimeProvider clock)
{
    /// <summary>The format's name in the first line.</summary>
    public const string FormatName = "parle-room/1";

    private const int AtOnce = 500;

    /// <summary>Writes it. An output without its last line is cut, whatever the reason.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="contents">Whether with what participants said.</param>
    /// <param name="output">Where to; nothing is written when there is no such room.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was written; null when there is no such room.</returns>
    public async Task<ExportedRoom?> Write(Guid roomID, bool contents, TextWriter output, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        if (await RoomRecord.SizeOfRoom(connection, roomID, cancellation) is not (> 0 and var size))
        {
            return null;
        }

        // Notes of views that are signed by now are of facts that are seen here, since both only grow.
        var notes = await SignedNotes.OfRoom(connection, roomID, cancellation);
        var broken = false;
        try
        {
            var covering = (await checkpoints.Exactly(new RoomLog(roomID), size, cancellation)).Note;
            notes = notes.Contains(covering) ? notes : [covering, .. notes];
        }
        catch (BrokenRecordException)
        {
            broken = true; // Written as it is, with the notes signed before: so the changed fact can be found.
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
    /// Writes it to a file, or to standard output. A file of that name stays as it was until the new one is whole, and on disk.
    /// </summary>
    /// <param name="file">The file; null for standard output.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="contents">Whether with what participants said.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was written, null when there is no such room; and where to find a broken one, which takes no other file's
    /// place.</returns>
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
            File.Delete(beside); // Where it was not moved.
        }
    }

    private static Task Line<T>(TextWriter output, T line) => output.WriteLineAsync(JsonSerializer.Serialize(line, WireJson.Options));
}

/// <summary>The first line of an exported room.</summary>
/// <param name="Format">The file's format.</param>
/// <param name="RoomID">The room.</param>
/// <param name="Name">The service's name in what it signs.</param>
/// <param name="ExportedAt">When.</param>
/// <param name="Facts">How many facts follow.</param>
/// <param name="Contents">Whether with what participants said.</param>
/// <param name="Keys">The service's public keys, as published.</param>
public sealed record ExportHeader(
    string Format, Guid RoomID, string Name, DateTimeOffset ExportedAt, long Facts, bool Contents, IReadOnlyList<PublishedKeyView> Keys);

/// <summary>Something that was signed of the room's record, or of a view of it.</summary>
/// <param name="Checkpoint">The signed note.</param>
public sealed record ExportedCheckpoint(string Checkpoint);

/// <summary>A fact.</summary>
/// <param name="Version">Its place in the record, from 1.</param>
/// <param name="Fact">Its entry in the room's log: RFC 8785 of this is what its digest is of.</param>
/// <param name="Leaf">The digest that was kept when it was recorded, in base64; absent when none was.</param>
/// <param name="Contents">The words that it commits to; absent unless they were asked for.</param>
public sealed record ExportedFact(
    long Version, JsonElement Fact, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Leaf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ExportedContent>? Contents);

/// <summary>Words; without salt and body when they were erased.</summary>
/// <param name="ContentID">Under which id they lay.</param>
/// <param name="Salt">The salt, in base64.</param>
/// <param name="Body">The canonical text.</param>
public sealed record ExportedContent(Guid ContentID, byte[]? Salt, string? Body);

/// <summary>The last line: without it the file is cut.</summary>
/// <param name="End">The counts.</param>
public sealed record ExportEnd(ExportedCounts End);

/// <summary>Counts of an exported file.</summary>
/// <param name="Facts">How many facts.</param>
public sealed record ExportedCounts(long Facts);
