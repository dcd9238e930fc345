using System.Globalization;
using System.Text.Json;
using JasperFx.Events;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Record.Verification;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Invitations;
using Parle.Domain.Record;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Auditing;

namespace Parle.Api.Record;

/// <summary>What came of an import.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Facts">Facts that were taken in.</param>
public sealed record ImportedRoom(Guid RoomID, long Facts);

/// <summary>A room cannot be taken in.</summary>
/// <param name="message">Why.</param>
public sealed class ImportException(string message) : Exception(message);

/// <summary>
/// Takes in an exported room, to be read and not to be written: fact by fact as it was, and then one that says where it came
/// from. Nobody has a seat in it; operators read its record.
/// </summary>
public sealed class RoomImport(IDocumentStore store, NpgsqlDataSource database, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>Takes it in.</summary>
    /// <param name="open">Opens the file; it is read twice.</param>
    /// <param name="keys">The keys to trust; null to trust those that the file brings.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ImportException">The file does not hold, or the room is here already.</exception>
    public async Task<ImportedRoom> Read(Func<IEnumerable<string>> open, KeyRing? keys, CancellationToken cancellation)
    {
        var verdict = ExportCheck.Of(open(), keys, []);
        if (verdict.Fault is { } fault || verdict.RoomID is not { } roomID)
        {
            throw new ImportException($"The file does not hold: {verdict.Fault}");
        }

        if (verdict.Covered < verdict.Facts)
        {
            throw new ImportException($"Nothing was signed of facts {verdict.Covered + 1} to {verdict.Facts}.");
        }

        await using (var query = store.QuerySession())
        {
            if (await query.Events.FetchStreamStateAsync(roomID, cancellation) is not null)
            {
                throw new ImportException($"Room {roomID} is here already.");
            }
        }

        // All of it or nothing, and never more in memory than a part of it.
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (version, name, owner, frontier, known) = (0L, "", Guid.Empty, new MerkleFrontier(), new HashSet<Guid>());
        foreach (var lines in open().Chunk(AtOnce))
        {
            await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
            var facts = new List<IEvent>();
            foreach (var line in lines.Select(text => JsonElement.Parse(text)))
            {
                if (line.TryGetProperty("format", out _))
                {
                    name = line.GetProperty("name").GetString()!;
                }
                else if (line.TryGetProperty("fact", out var entry))
                {
                    facts.Add(Rebuild(session, entry, frontier));
                    MustBeOfTheRoom(facts[^1].Data, version + facts.Count, known);
                    owner = facts[^1].Data is RoomOpened opened ? opened.OwnerID : owner;
                    Keep(session, roomID, line);
                }
            }

            Append(session, roomID, version, facts);
            await session.SaveChangesAsync(cancellation);
            version += facts.Count;
        }

        await using (var end = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction)))
        {
            var (now, by) = (clock.GetUtcNow(), new Attribution("operator:import", owner, ["operator:import"], "import"));
            Append(end, roomID, version, [end.BuildFact(new RoomImported(name, version, Convert.ToBase64String(frontier.Root())), Guid.CreateVersion7(now), now, by)]);
            await end.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return new(roomID, version);
    }

    private static void Append(IDocumentSession session, Guid roomID, long version, IReadOnlyList<IEvent> facts)
    {
        if (facts.Count > 0 && version == 0)
        {
            session.Events.StartStream(roomID, facts);
        }
        else if (facts.Count > 0)
        {
            session.Events.Append(roomID, facts).ExpectedVersionOnServer = version;
        }
    }

    // Views are kept by the ids of seats, presences, asks and invitations: a file must not reach those of other rooms.
    private static void MustBeOfTheRoom(object fact, long version, HashSet<Guid> known)
    {
        var (brings, names) = fact switch
        {
            SeatAdmitted seat => (seat.SeatID, Guid.Empty),
            ParticipantEntered entered => (entered.ParticipantID, entered.SeatID),
            AskOpened opened => (opened.AskID, Guid.Empty),
            InvitationMinted minted => (minted.InvitationID, minted.MinterSeatID),
            AskFact about => (Guid.Empty, about.AskID),
            InvitationFact about => (Guid.Empty, about.InvitationID),
            SeatRemoved removed => (Guid.Empty, removed.SeatID),
            RightGranted granted => (Guid.Empty, granted.SeatID),
            RightRevoked revoked => (Guid.Empty, revoked.SeatID),
            ParticipantLeft left => (Guid.Empty, left.ParticipantID),
            ParticipantRemoved removed => (Guid.Empty, removed.ParticipantID),
            _ => (Guid.Empty, Guid.Empty),
        };
        known.Add(brings);
        if (!RecordIndex.IsOfARoom(fact) || fact is RoomOpened != (version == 1) || (names != Guid.Empty && !known.Contains(names)))
        {
            throw new ImportException($"Fact {version} is no fact of this room.");
        }
    }

    // As it was, to the byte of its digest.
    private static IEvent Rebuild(IDocumentSession session, JsonElement entry, MerkleFrontier frontier)
    {
        var type = entry.GetProperty("type").GetString()!;
        var data = entry.GetProperty("data").Deserialize(EventNames.All.GetValueOrDefault(type) ?? throw new ImportException($"A fact of type {type} is not known here."), StoredJson.Options)!;
        var placement = entry.GetProperty("placement").Deserialize<Placement>(StoredJson.Options);
        var fact = session.BuildFact(
            data, entry.GetProperty("event_id").GetGuid(), DateTimeOffset.Parse(entry.GetProperty("at").GetString()!, CultureInfo.InvariantCulture),
            new(
                entry.GetProperty("actor").GetString()!, entry.GetProperty("principal").GetGuid(), [.. entry.GetProperty("authority").EnumerateArray().Select(step => step.GetString()!)],
                entry.GetProperty("correlation").GetString()!),
            placement);
        fact.StreamId = entry.GetProperty("room_id").GetGuid();
        var leaf = FactText.Of(fact).EntryLeaf();
        if (!leaf.AsSpan().SequenceEqual(MerkleTree.LeafHash(Domain.Contents.CanonicalJson.Of(entry))))
        {
            throw new ImportException($"Fact {entry.GetProperty("event_id")} says something that this version of Parle does not know.");
        }

        frontier.Add(leaf);
        return fact;
    }

    private static void Keep(IDocumentSession session, Guid roomID, JsonElement line)
    {
        foreach (var content in line.TryGetProperty("contents", out var contents) ? contents.EnumerateArray().ToList() : [])
        {
            if (content.GetProperty("body").ValueKind is JsonValueKind.String)
            {
                session.QueueOperation(new SqlOperation(
                    "insert into parle.contents (content_id, room_id, salt, body) values (?, ?, ?, ?)",
                    (content.GetProperty("content_id").GetGuid(), NpgsqlDbType.Uuid), (roomID, NpgsqlDbType.Uuid), (content.GetProperty("salt").GetBytesFromBase64(), NpgsqlDbType.Bytea),
                    (content.GetProperty("body").GetString(), NpgsqlDbType.Text)));
            }
        }
    }
}
