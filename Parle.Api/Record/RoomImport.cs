using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using Npgsql;
using Parle.Api.Record.Verification;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Record;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Auditing;
using Parle.Projections.History;
using Parle.Projections.Record;
using Parle.Projections.Rooms;

namespace Parle.Api.Record;

/// <summary>The result of an import.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="Facts">Facts that were taken in.</param>
public sealed record ImportedRoom(Guid RoomID, long Facts);

/// <summary>A room cannot be taken in.</summary>
/// <param name="message">Why.</param>
public sealed class ImportException(string message) : Exception(message);

/// <summary>
/// Takes in an exported room, to be read and not to be written: fact by fact as it was, and then one that says where it came
/// from. Nobody has a seat in it; operators read its record. Nothing of it can be joined with another room: its facts name only what the
/// room itself brought, stand where its own record puts them, and bring nothing that is here already (see <see cref="BroughtIDs"/>).
/// </summary>
public sealed class RoomImport(IDocumentStore store, NpgsqlDataSource database, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <summary>Takes it in.</summary>
    /// <param name="open">Opens the file; it is read twice.</param>
    /// <param name="keys">The keys to trust; null to trust those that the file brings.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ImportException">The file does not hold, is not of one room, or something of it is here already.</exception>
    public async Task<ImportedRoom> Read(Func<IEnumerable<string>> open, KeyRing? keys, CancellationToken cancellation)
    {
        var verdict = ExportCheck.Of(open(), keys, []);
        if ((verdict.Fault ?? verdict.Uncovered) is { } fault || verdict.RoomID is not { } roomID)
        {
            throw new ImportException($"The file does not hold: {verdict.Fault ?? verdict.Uncovered}");
        }

        try
        {
            // All of it or nothing, and never more in memory than a part of it.
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var reading = new Reading(roomID);
            foreach (var lines in open().Chunk(AtOnce))
            {
                await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
                var before = reading.Version;
                var facts = lines.Select(StrictJson.Parse).Where(line => line.Maybe("fact") is not null)
                    .Select(line => reading.Next(session, line)).ToList();
                if (await RoomRecord.Taken(connection, reading.Fresh(), cancellation) is { } taken)
                {
                    throw new ImportException(taken == roomID
                        ? $"Room {roomID} is here already." : $"Something of the file is here already, and not of room {roomID}: {taken}.");
                }

                Append(session, roomID, before, facts);
                await session.SaveChangesAsync(cancellation);
            }

            reading.End(verdict);
            await using (var end = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction)))
            {
                var (now, by) = (clock.GetUtcNow(), new Attribution("operator:import", reading.OwnerID, ["operator:import"], "import"));
                Append(end, roomID, reading.Version,
                    [end.BuildFact(new RoomImported(verdict.Name, reading.Version, Convert.ToBase64String(verdict.Root)),
                        Guid.CreateVersion7(now), now, by)]);
                await end.SaveChangesAsync(cancellation);
            }

            await transaction.CommitAsync(cancellation);
            return new(roomID, reading.Version);
        }
        catch (Exception refused) when (PostgresReason(refused) is { } reason)
        {
            throw new ImportException($"The database does not take it: {reason}");
        }
        catch (FormatException wrong) // The file was changed since it was verified.
        {
            throw new ImportException($"The file cannot be read: {wrong.Message}");
        }
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

    // Two files of one room at once, a handle that is in use, a text that PostgreSQL cannot hold: said in its own words, not as a failure
    // of Parle.
    private static string? PostgresReason(Exception? failure) => failure switch
    {
        null => null,
        PostgresException { SqlState: [('2'), ('2' or '3'), ..] } refused =>
            refused.MessageText + (refused.ConstraintName is null ? "" : $" ({refused.Detail ?? refused.ConstraintName})"),
        _ => PostgresReason(failure.InnerException),
    };

    // The file as far as it was read for the second time: whatever it said at the first, this is what is taken in.
    private sealed class Reading(Guid roomID)
    {
        private readonly BroughtIDs ids = new(roomID);
        private readonly MerkleFrontier frontier = new();
        private readonly List<Guid> fresh = [roomID];
        private Room? room;

        public long Version { get; private set; }

        public Guid OwnerID => room!.OwnerID;

        // The ids that came since this was asked for.
        public Guid[] Fresh()
        {
            Guid[] came = [.. fresh];
            fresh.Clear();
            return came;
        }

        public IEvent Next(IDocumentSession session, JsonElement line)
        {
            var entry = line.Member("fact", JsonValueKind.Object);
            var (fact, committed, words) = (Rebuild(session, entry), Words.CommittedBy(entry), Words.Of(line));
            var placement = FactMetadata.PlacementOf(fact);
            Version++;
            if (!RecordIndex.IsOfARoom(fact.Data) || fact.Data is RoomOpened != (Version == 1) || fact.StreamId != roomID)
            {
                throw Bad("it is no fact of this room");
            }

            if ((ids.Wrong(fact.Id, fact.Data, [.. committed.Keys], fresh) ?? Words.Wrong(words, committed, complete: false)) is { } wrong)
            {
                throw Bad(wrong);
            }

            if (!placement.IsNextOf(room, fact.Data)
                || (fact.Data is AskFact about && about.Number != (room!.Asks.GetValueOrDefault(about.AskID)?.Facts ?? 0) + 1))
            {
                throw Bad("it stands where the record does not put it");
            }

            try
            {
                room = Room.Apply(room, fact.Data, placement, fact.Timestamp);
            }
            catch (Exception impossible) when (impossible is KeyNotFoundException or InvalidOperationException)
            {
                throw Bad("it cannot have happened in the room as it was");
            }

            foreach (var content in words.Where(content => content.Body is not null))
            {
                session.QueueOperation(RoomContents.Keep(content.ContentID, roomID, content.Salt!, content.Body!));
            }

            return fact;
        }

        public void End(ExportVerdict verdict)
        {
            if (ids.WrongAtEnd() is { } wrong)
            {
                throw new ImportException($"The facts are not those of one room: {wrong}.");
            }

            if (Version != verdict.Facts || !frontier.Root().AsSpan().SequenceEqual(verdict.Root))
            {
                throw new ImportException("The file was changed while it was read.");
            }
        }

        // Facts are stored as the file has them, to the byte of their digest: an older version, or another service, may have spelt them
        // otherwise.
        private IEvent Rebuild(IDocumentSession session, JsonElement entry)
        {
            var (name, said) = (entry.Text("type"), entry.Member("data", JsonValueKind.Object));
            var text = Domain.Contents.CanonicalJson.Of(said);
            var data = Known(name, text);
            StoredText.Keep(data, Encoding.UTF8.GetBytes(text));
            var fact = session.BuildFact(
                data, entry.ID("event_id"), StrictJson.Time(entry.Text("at")) ?? throw Bad("its time is none", Version + 1),
                new(entry.Text("actor"), entry.ID("principal"),
                    [.. entry.List("authority").Select(step => step.GetString() ?? throw Bad("its authority is none", Version + 1))],
                    entry.Maybe("correlation")?.GetString()!));
            fact.EventTypeName = name;
            fact.StreamId = entry.ID("room_id");
            if (entry.Maybe("placement") is { } placement)
            {
                fact.SetHeader(FactMetadata.PlacementHeader,
                    IsKnown(placement) ? placement : throw Bad("where it stands is spelt otherwise than here", Version + 1));
            }

            var leaf = FactText.Of(fact).EntryLeaf();
            if (!leaf.AsSpan().SequenceEqual(MerkleTree.LeafHash(Domain.Contents.CanonicalJson.Of(entry))))
            {
                throw Bad("it says something that this version of Parle does not know", Version + 1);
            }

            frontier.Add(leaf);
            return fact;
        }

        private object Known(string name, string text)
        {
            try
            {
                return FactReader.Current.TypeOf(name) is null ? throw Bad($"facts of type {name} are not known here", Version + 1)
                    : FactReader.Current.ReadExactly(name, Encoding.UTF8.GetBytes(text));
            }
            catch (JsonException wrong)
            {
                throw Bad($"it is spelt otherwise than here: {wrong.Message}", Version + 1);
            }
            catch (InvalidOperationException)
            {
                throw Bad("it lacks something that such a fact has", Version + 1);
            }
        }

        private static bool IsKnown(JsonElement placement)
        {
            try
            {
                var read = placement.Deserialize<Placement>(StoredJson.Options);
                return read != Placement.Nowhere
                    && FactReader.Says(JsonSerializer.SerializeToNode(read, StoredJson.Options), JsonNode.Parse(placement.GetRawText()));
            }
            catch (JsonException)
            {
                return false;
            }
        }

        private ImportException Bad(string what, long? version = null) => new($"Fact {version ?? Version} cannot be taken in: {what}.");
    }
}
