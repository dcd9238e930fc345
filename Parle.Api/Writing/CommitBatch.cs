using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Wakeups;
using Parle.Domain;
using Parle.Domain.Aliases;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Record;
using PendingCommand = Parle.Api.Platform.Pending<Parle.Api.Writing.RoomCommand, Parle.Api.Writing.RoomOutcome>;

namespace Parle.Api.Writing;

/// <summary>One commit batch of a room writer: decisions in many rooms that become durable in one transaction, or not at all.</summary>
/// <param name="rooms">The rooms' states at the beginning; they advance with each decision.</param>
/// <param name="kept">Idempotency records of earlier writes with the same names.</param>
/// <param name="storage">The bounds on each principal's storage in a room.</param>
/// <param name="now">The time of all decisions of this batch.</param>
internal sealed class CommitBatch(
    Dictionary<Guid, RoomState> rooms, Dictionary<IdempotencyName, IdempotencyRecord> kept, StorageLimits storage, DateTimeOffset now)
{
    // PostgreSQL stores microseconds.
    private readonly DateTimeOffset at = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    private readonly Dictionary<Guid, long> versionsBefore = rooms.ToDictionary(room => room.Key, room => room.Value.Version);
    private readonly Dictionary<Guid, List<(RecordedFact Fact, Attribution Attribution)>> recorded = [];
    private readonly List<(Guid ID, Guid RoomID, Content Content)> contents = [];
    private readonly List<(Guid ID, Guid RoomID, Content Content)> brought = []; // Contents of the command that is being decided.
    private readonly List<(IdempotencyName Name, IdempotencyRecord Answer)> answers = [];
    private readonly List<Action<IDocumentSession>> also = [];
    private readonly List<(PendingCommand Pending, RoomOutcome Outcome)> outcomes = [];
    private readonly HashSet<Signal> signals = [];

    /// <summary>The rooms' states after the batch.</summary>
    public IReadOnlyDictionary<Guid, RoomState> States => rooms;

    /// <summary>Whether any command is refused or changes nothing.</summary>
    public bool RefusedAny => outcomes.Exists(outcome => outcome.Outcome is RoomOutcome.Refused or RoomOutcome.Settled { Facts.Count: 0 });

    /// <summary>The notifications for views that gained a row, for new work, and for lost access.</summary>
    public IReadOnlyCollection<Signal> Signals => signals;

    /// <summary>Decides every command, each on the state that the earlier ones left.</summary>
    public void Decide(IEnumerable<PendingCommand> commands)
    {
        foreach (var pending in commands)
        {
            outcomes.Add((pending, Decide(pending.Request)));
        }
    }

    /// <summary>Whether there is anything to make durable.</summary>
    public bool RecordsAny => recorded.Count > 0;

    /// <summary>The idempotency records of this batch.</summary>
    public IReadOnlyList<(IdempotencyName Name, IdempotencyRecord Answer)> Answers => answers;

    /// <summary>Commits all of it, with the durable messages that follow.</summary>
    public async Task Commit(IDocumentStore store, NpgsqlDataSource database, FollowUps followUps)
    {
        var following = recorded.SelectMany(
            room => room.Value.SelectMany(entry => followUps.Of(room.Key, entry.Fact.Data, entry.Attribution))).ToList();
        await using var session = following.Count > 0 ? await followUps.OpenSession(following) : store.LightweightSession();
        // Streams are locked in the same order on every node, so that two nodes never deadlock.
        var streams = recorded.OrderBy(room => room.Key).Select(room => Stream(session, room.Key, room.Value)).ToList();
        if (following.Count + also.Count == 0 && streams.TrueForAll(stream => stream.Before > 0))
        {
            await CommitAtOnce(session, database, streams);
            return;
        }

        foreach (var (roomID, before, facts) in streams)
        {
            if (before == 0)
            {
                session.Events.StartStream(roomID, facts);
            }
            else
            {
                session.Events.Append(roomID, facts).ExpectedVersionOnServer = before;
            }
        }

        also.ForEach(write => write(session)); // After the rooms: a late batch must not get as far as this.
        QueueSnapshots(session);
        QueueContents(session);
        QueueAnswers(session);
        await session.SaveChangesAsync();
    }

    // Most batches only append to existing rooms. They take one round trip, in which the server makes one transaction of all statements.
    private async Task CommitAtOnce(IDocumentSession session, NpgsqlDataSource database, List<StreamFacts> streams)
    {
        QueueAnswers(session); // First: a repeated write fails here, before it takes a position of the record.
        session.QueueOperation(FactAppend.Of(streams, at));
        var facts = streams.SelectMany(stream => stream.Facts).ToList();
        foreach (var view in ParleStore.InlineViews)
        {
            await view.Apply(session, facts);
        }

        QueueSnapshots(session);
        QueueContents(session);
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = SqlOperation.Batch(session);
        batch.Connection = connection;
        await batch.ExecuteNonQueryAsync();
    }

    private StreamFacts Stream(IDocumentSession session, Guid roomID, List<(RecordedFact Fact, Attribution Attribution)> facts) => new(
        roomID, versionsBefore[roomID], [.. facts.Select((entry, i) =>
        {
            var fact = session.BuildFact(entry.Fact.Data, entry.Fact.ID, entry.Fact.At, entry.Attribution, entry.Fact.Placement);
            (fact.StreamId, fact.Version) = (roomID, versionsBefore[roomID] + i + 1);
            return fact;
        })]);

    private void QueueSnapshots(IDocumentSession session)
    {
        foreach (var roomID in recorded.Keys)
        {
            if (rooms[roomID] is var state && RoomStates.IsSnapshotDue(state))
            {
                session.QueueOperation(RoomStates.Snapshot(roomID, state));
                rooms[roomID] = state with { SnapshotAt = state.Version };
            }
        }
    }

    private void QueueContents(IDocumentSession session)
    {
        if (contents.Count > 0)
        {
            session.QueueOperation(new SqlOperation(
                "insert into parle.contents (content_id, room_id, salt, body) select * from unnest(?, ?, ?, ?)",
                (contents.Select(content => content.ID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
                (contents.Select(content => content.RoomID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
                (contents.Select(content => content.Content.Salt).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea),
                (contents.Select(content => content.Content.Canonical).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)));
        }
    }

    private void QueueAnswers(IDocumentSession session)
    {
        if (answers.Count > 0)
        {
            session.QueueOperation(IdempotencyRecord.Keep(answers, at));
        }
    }

    /// <summary>Completes every command with its outcome. Only after the commit: an answer is a promise.</summary>
    public void Answer() => outcomes.ForEach(outcome => outcome.Pending.Resolve(outcome.Outcome));

    // Uses the room state at decision time, since a later event in this batch may remove the addressee.
    private static IEnumerable<Signal> SignalsOf(Guid roomID, Room? room, Room? after, RecordedFact fact)
    {
        var rows = fact.Placement.Common is not null ? [new Signal(SignalKind.Row, roomID)]
            : (fact.Placement.Private ?? []).Select(place => new Signal(SignalKind.Row, place.SeatID));
        return rows.Concat(fact.Data is AskFact about ? WorkOf(about, roomID, after!, fact.At) : MessagesOf(fact.Data, roomID, room))
            .Concat(AccessChanges.Of(room, fact.Data));
    }

    private static IEnumerable<Signal> MessagesOf(object fact, Guid roomID, Room? room)
    {
        var author = Work.AuthorOf(fact);
        return Work.Of(fact).Where(target => author is null || target.ParticipantID != author)
            .Select(target => new Signal(SignalKind.Work, KeyOf(room!, target), roomID));
    }

    // All sessions of a seat are told what an ask wants of it: the one to which it belongs may be gone without a word.
    private static IEnumerable<Signal> WorkOf(AskFact fact, Guid roomID, Room room, DateTimeOffset at) =>
        room.Asks.GetValueOrDefault(fact.AskID) is { } ask
            ? AskWork.Since(room, ask, ask.Facts, at).Select(awaited => new Signal(SignalKind.Work, awaited.SeatID, roomID)) : [];

    private static Guid KeyOf(Room room, Target target) =>
        target.Alias is { } alias ? AliasKey.Of(room.Seats[target.SeatID].AgentID!.Value, alias) : target.AgentSessionID ?? target.SeatID;

    private RoomOutcome Decide(RoomCommand command)
    {
        if (command.Idempotency is { } named && kept.TryGetValue(named.Name, out var answer))
        {
            return named.Meaning.IsOf(answer)
                ? new RoomOutcome.Replayed(answer.Answer, answer.EventID, rooms[command.RoomID].Room)
                : new RoomOutcome.Refused(Refusals.IdempotencyConflict);
        }

        var free = command.Consumes.Select(slots => (Name: slots.Names.FirstOrDefault(name => !kept.ContainsKey(name)), slots.WhenAllTaken))
            .ToList();
        if (free.Find(slot => slot.Name is null).WhenAllTaken is { } usedUp)
        {
            return new RoomOutcome.Refused(usedUp);
        }

        var state = rooms[command.RoomID];
        var decision = command.Decide(state.Room, at);
        if (decision.Refusal is { } refusal)
        {
            return new RoomOutcome.Refused(refusal);
        }

        var authored = decision.Facts.Where(fact => Work.AuthorOf(fact.Data) is not null).Select(fact => Stored.Of(fact.Data))
            .Aggregate(Stored.Nothing, (all, one) => all.And(one));
        if (authored.Facts > 0 && !decision.GivesBack && state.Room!.Usage.Obstacle(
            command.Attribution.PrincipalID, RankOf(command, state.Room!, decision), authored, storage) is { } full)
        {
            return new RoomOutcome.Refused(full);
        }

        brought.Clear();
        var facts = decision.Facts.Select(fact => Record(command, fact)).ToList();
        var room = rooms[command.RoomID].Room!;
        if (command.Also is { } write && facts.Count > 0)
        {
            also.Add(session => write(session, facts));
        }

        if (facts.Count > 0)
        {
            free.ForEach(slot => Keep(slot.Name!, new([], "")));
        }

        return new RoomOutcome.Settled(room, facts, Keep(command.Idempotency, room, facts));
    }

    private static Rank RankOf(RoomCommand command, Room room, Decision decision) =>
        room.RankOf(decision.Facts.Select(fact => Work.AuthorOf(fact.Data)).OfType<Guid>()
            .Select(author => room.Participants[author].SeatID).First(), command.Attribution.TokensAbove);

    private RecordedFact Record(RoomCommand command, NewFact fact)
    {
        var state = rooms[command.RoomID];
        var placement = Placement.Of(state.Room, fact.Data);
        var recordedFact = new RecordedFact(fact.ID ?? Guid.CreateVersion7(at), fact.Data, placement, at);
        var after = Room.Apply(state.Room, fact.Data, placement, at, command.Attribution.TokensAbove);
        signals.UnionWith(SignalsOf(command.RoomID, state.Room, after, recordedFact));
        rooms[command.RoomID] = state with { Room = after, Version = state.Version + 1 };
        if (!recorded.TryGetValue(command.RoomID, out var facts))
        {
            recorded[command.RoomID] = facts = [];
        }

        facts.Add((recordedFact, command.Attribution));
        if (Erasure.Of(fact.Data) is { Count: > 0 } erased)
        {
            contents.RemoveAll(content => erased.Contains(content.ID)); // Content that was brought and erased in one batch is never stored.
            foreach (var (name, answer) in kept.Where(answer => answer.Value.ContentIDs.Any(erased.Contains)
                || (answer.Value.EventID is { } said && erased.Contains(said))).ToList())
            {
                kept[name] = answer with { Salts = null }; // Later commands of this batch must find the record as the next batch will.
            }
        }

        List<(Guid ID, Guid RoomID, Content Content)> said = [.. fact.Attachments.Select(
            attached => (attached.ID, command.RoomID, attached.Content))];
        if (fact.Content is { } content)
        {
            said.Add((recordedFact.ID, command.RoomID, content));
        }

        contents.AddRange(said);
        brought.AddRange(said);

        return recordedFact;
    }

    private string? Keep(Idempotency? idempotency, Room room, List<RecordedFact> facts)
    {
        if (idempotency is null || facts is not [var first, ..])
        {
            return null;
        }

        var salts = brought.ConvertAll(content => content.Content.Salt);
        var answer = new IdempotencyRecord(idempotency.Meaning.Fingerprint(salts), idempotency.Answer(room, first), first.ID)
        { ContentIDs = brought.ConvertAll(content => content.ID), Salts = salts };
        Keep(idempotency.Name, answer);
        return answer.Answer;
    }

    private void Keep(IdempotencyName name, IdempotencyRecord answer)
    {
        answers.Add((name, answer));
        kept[name] = answer; // A second command with this name in the same batch is a replay of the first.
    }
}
