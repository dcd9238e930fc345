using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Parle.Api.Contract;
using Parle.Domain.Record;
using Parle.Projections.Auditing;

namespace Parle.Api.Record;

/// <summary>
/// A room as one file of lines of JSON: what it is, all that was signed of it, its facts in their order, its end. It can be
/// verified from there on without the service (see <see cref="Verification.ExportCheck"/>), and taken in by another one.
/// </summary>
public sealed class RoomExport(NpgsqlDataSource database, Checkpoints checkpoints, SigningKeys keys, TimeProvider clock)
{
    /// <summary>What the first line says.</summary>
    public const string FormatName = "parle-room/1";

    private const int AtOnce = 500;

    /// <summary>Writes it.</summary>
    /// <param name="roomID">The room.</param>
    /// <param name="contents">Whether with what participants said.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many facts there were; null when there is no such room.</returns>
    public async Task<long?> Write(Guid roomID, bool contents, TextWriter output, CancellationToken cancellation)
    {
        var log = new RoomLog(roomID);
        try
        {
            _ = await checkpoints.Now(log, cancellation); // So that all of it is covered.
        }
        catch (BrokenRecordException)
        {
            // Written as it is, with what was signed of it before: so it can be found out what was changed.
        }

        // In this order: facts and keys only become more, so that what was signed is covered by both.
        var notes = await Notes(roomID, cancellation);
        var published = PublishedKeys.Of(await keys.AllNow(cancellation));
        var size = await log.Size(database, cancellation);
        if (size == 0)
        {
            return null;
        }

        await Line(output, new ExportHeader(FormatName, roomID, published.Name, clock.GetUtcNow(), size, contents, published.Keys));
        foreach (var note in notes)
        {
            await Line(output, new ExportedCheckpoint(note));
        }

        for (var after = 0L; after < size;)
        {
            var facts = await RecordPage.Facts(database, roomID, after, (int)Math.Min(AtOnce, size - after), cancellation);
            var words = contents ? await RecordPage.Contents(database, [.. facts.SelectMany(fact => fact.ContentIDs)], cancellation) : null;
            var leaves = await Leaves(roomID, after, facts.Count, cancellation);
            foreach (var fact in facts)
            {
                var entry = CanonicalFact.EntryOf(roomID, fact.EventID, fact.Type, fact.At, fact.Data, fact.Headers, fact.Correlation);
                await Line(output, new ExportedFact(
                    fact.Version, JsonElement.Parse(entry), leaves.GetValueOrDefault(fact.Version),
                    words is null || fact.ContentIDs.Count == 0 ? null
                        : [.. fact.ContentIDs.Select(id => words.TryGetValue(id, out var found) ? new ExportedContent(id, found.Salt, found.Body) : new(id, null, null))]));
            }

            if (facts.Count == 0)
            {
                break; // Facts are gone; the end will not say what the header said.
            }

            after = facts[^1].Version;
        }

        await Line(output, new ExportEnd(new(size)));
        return size;
    }

    // The room's own log first, and each log from its start.
    private async Task<List<string>> Notes(Guid roomID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select note from parle.checkpoints where room_id = $1 order by seat_id nulls first, size");
        command.Parameters.Add(new() { Value = roomID });
        var notes = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            notes.Add(rows.GetString(0));
        }

        return notes;
    }

    // What was kept of the facts when they were recorded: names the one that was changed since.
    private async Task<Dictionary<long, byte[]>> Leaves(Guid roomID, long after, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select version, leaf from parle.record_index where stream_id = $1 and version > $2 and version <= $2 + $3 and leaf is not null");
        command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = roomID }, new() { Value = after }, new() { Value = (long)count } });
        var leaves = new Dictionary<long, byte[]>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            leaves[rows.GetInt64(0)] = rows.GetFieldValue<byte[]>(1);
        }

        return leaves;
    }

    private static Task Line<T>(TextWriter output, T line) => output.WriteLineAsync(JsonSerializer.Serialize(line, WireJson.Options));
}

/// <summary>The first line of an exported room.</summary>
/// <param name="Format">What the file is.</param>
/// <param name="RoomID">The room.</param>
/// <param name="Name">The service's name in what it signs.</param>
/// <param name="ExportedAt">When.</param>
/// <param name="Facts">How many facts follow.</param>
/// <param name="Contents">Whether with what participants said.</param>
/// <param name="Keys">The service's public keys, as published.</param>
public sealed record ExportHeader(string Format, Guid RoomID, string Name, DateTimeOffset ExportedAt, long Facts, bool Contents, IReadOnlyList<PublishedKeyView> Keys);

/// <summary>Something that was signed of the room's record, or of a view of it.</summary>
/// <param name="Checkpoint">The signed note.</param>
public sealed record ExportedCheckpoint(string Checkpoint);

/// <summary>A fact.</summary>
/// <param name="Version">Its place in the record, from 1.</param>
/// <param name="Fact">Its entry in the room's log: RFC 8785 of this is what its digest is of.</param>
/// <param name="Leaf">The digest that was kept when it was recorded, in base64; absent when none was.</param>
/// <param name="Contents">What it commits to; absent unless it was asked for.</param>
public sealed record ExportedFact(
    long Version, JsonElement Fact, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Leaf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ExportedContent>? Contents);

/// <summary>Words; without salt and body when they were erased.</summary>
/// <param name="ContentID">Under which id they lay.</param>
/// <param name="Salt">The salt, in base64.</param>
/// <param name="Body">The canonical text.</param>
public sealed record ExportedContent(Guid ContentID, byte[]? Salt, string? Body);

/// <summary>The last line: without it the file is cut.</summary>
/// <param name="End">What the file had.</param>
public sealed record ExportEnd(ExportedCounts End);

/// <summary>What an exported file had.</summary>
/// <param name="Facts">How many facts.</param>
public sealed record ExportedCounts(long Facts);
