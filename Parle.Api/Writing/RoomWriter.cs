using JasperFx;
using Marten;
using Marten.Exceptions;
using Npgsql;
using Parle.Api.Database;
using Parle.Api.Platform;
using Parle.Api.Wakeups;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Projections;
using Parle.Projections.Record;
using PendingCommand = Parle.Api.Platform.Pending<Parle.Api.Writing.RoomCommand, Parle.Api.Writing.RoomOutcome>;

namespace Parle.Api.Writing;

/// <summary>
/// A room writer: the single writer of many rooms. It takes all waiting commands, decides them, commits them in one transaction, answers,
/// and goes on.
/// </summary>
public sealed class RoomWriter(
    IDocumentStore store, NpgsqlDataSource database, RoomStates states, Notifier notifier, FollowUps followUps, StorageLimits storage,
    WriteHealth health, TimeProvider clock, int capacity, ILogger<RoomWriter> log) : IDisposable
{
    /// <summary>
    /// Most isolated commands of one author that wait, after the database refused one of its commands. Further ones are refused with a
    /// retry.
    /// </summary>
    public const int MaxWaitingApart = 16;

    private const int MaxTogether = 128;
    private const int MaxAttempts = 25;
    private const int AnswersRemembered = 8192;
    private const int PassesToLookIn = 64;

    private readonly Batcher<RoomCommand, RoomOutcome> waiting = new(capacity, MaxTogether);
    private readonly RecentAnswers recent = new(AnswersRemembered);
    private readonly Suspects suspects = new(clock);
    private Task? running;
    private volatile bool forgets;
    private int passesToLookIn; // So many of the next batches look up all names before they decide, because retries come in crowds.

    /// <summary>The command's future outcome; null when the queue is full or closed.</summary>
    public Task<RoomOutcome>? TryEnqueue(RoomCommand command) => waiting.TryAsk(command);

    /// <summary>Starts the writer; no effect if it runs.</summary>
    public void Start() => running ??= Task.Run(() => waiting.Run(Work));

    /// <summary>Drops the cached rooms and answers before the next decision, also of a batch that has begun.</summary>
    public void Forget() => forgets = true;

    /// <summary>Takes no more commands, and ends when all accepted ones are answered.</summary>
    public Task Drain()
    {
        waiting.Close();
        return running ?? Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => states.Dispose();

    // Isolated commands come after all others: one after each batch, and all while nothing else waits.
    private async Task Work(IReadOnlyList<PendingCommand> commands)
    {
        var together = new List<PendingCommand>(commands.Count);
        Sort(commands, together);
        await Settle(together);
        while (suspects.AnyWaits)
        {
            await Settle([suspects.Next()]);
            if (waiting.AnyWaits)
            {
                return;
            }
        }
    }

    private void Sort(IEnumerable<PendingCommand> commands, List<PendingCommand> together)
    {
        foreach (var pending in commands)
        {
            if (suspects.Includes(pending.Request))
            {
                suspects.Put(pending);
            }
            else
            {
                together.Add(pending);
            }
        }
    }

    // One poisoned command must not fail its neighbours. A failed batch is split in halves, down to the command itself. Then the rest of
    // its author's commands leave the batch too, so that a crowd of them costs one search.
    private async Task Settle(IReadOnlyList<PendingCommand> together)
    {
        if (together.Count == 0)
        {
            return;
        }

        try
        {
            await DecideAndCommit(together);
        }
        catch (Exception outage) when (Outage.Is(outage))
        {
            health.Refused(outage);
            log.LogWarning("The database did not take {Commands} commands ({Why}); their callers are asked to retry", together.Count,
                Condition.InAWord(outage));
            Doubt(together, Refusals.ServiceUnavailable);
        }
        catch (Exception) when (together.Count > 1)
        {
            foreach (var half in together.Chunk((together.Count + 1) / 2))
            {
                var innocent = new List<PendingCommand>();
                Sort(half, innocent);
                await Settle(innocent);
            }
        }
        catch (Exception taken) when (IsTaken(taken))
        {
            Doubt(together, Refusals.HandleUnavailable);
        }
        catch (Exception failure)
        {
            health.Refused(failure);
            suspects.Note(together[0].Request);
            var refusal = DatabaseRefusal.Of(failure) ?? Refusals.ServerError;
            log.Log(
                refusal.Status < 500 ? LogLevel.Warning : LogLevel.Error,
                "A command in room {RoomID} failed with {Code}, request {Correlation}: {Failure}", together[0].Request.RoomID, refusal.Code,
                together[0].Request.Attribution.Correlation, DatabaseRefusal.Tell(failure));
            Doubt(together, refusal);
        }
    }

    // A new name is decided at once. If it was used before, the primary key of the idempotency records finds out. The name is looked up
    // only then, or when a command would be refused.
    private async Task DecideAndCommit(IReadOnlyList<PendingCommand> together)
    {
        var rooms = together.Select(pending => pending.Request.RoomID).Distinct().ToList();
        var names = together.SelectMany(pending => pending.Request.Names).Distinct().ToList();
        // Used-up budgets can be seen only by their names.
        var looks = together.Any(pending => pending.Request.Consumes.Count > 0) || passesToLookIn > 0;
        passesToLookIn = Math.Max(passesToLookIn - 1, 0);
        var current = false; // Whether the states were read for this batch, not taken from the cache.
        for (var attempt = 1; ; attempt++)
        {
            if (forgets)
            {
                forgets = false;
                recent.Clear();
                states.Clear();
            }

            var kept = await Kept(names, looks);
            var recalled = rooms.ToDictionary(id => id, states.Recall);
            current |= attempt > 1 || recalled.Values.Any(state => state is null);
            var pass = new CommitBatch(
                current ? await states.Read(rooms, CancellationToken.None) : recalled!, kept, storage, clock.GetUtcNow());
            pass.Decide(together);

            // Another node may have committed since the cache was filled, so nothing is refused on cached state.
            if (!(current && looks) && pass.RefusedAny)
            {
                (current, looks) = (true, true);
                continue;
            }

            if (pass.RecordsAny)
            {
                try
                {
                    await pass.Commit(store, database, followUps);
                    health.Took();
                }
                // Another node may have taken a name first.
                catch (Exception late) when ((IsLate(late) && attempt < MaxAttempts) || (IsTaken(late) && attempt == 1))
                {
                    looks = true;
                    passesToLookIn = IsAnswered(late) ? PassesToLookIn : passesToLookIn;
                    continue;
                }

                pass.States.ToList().ForEach(room => states.Remember(room.Key, room.Value));
                pass.Answers.ToList().ForEach(answer => recent.Remember(answer.Name, answer.Answer));
                notifier.Announce(pass.Signals);
            }

            pass.Answer();
            return;
        }
    }

    private async Task<Dictionary<IdempotencyName, IdempotencyRecord>> Kept(List<IdempotencyName> names, bool looks)
    {
        var kept = new Dictionary<IdempotencyName, IdempotencyRecord>(names.Count);
        var unknown = new List<IdempotencyName>();
        foreach (var name in names)
        {
            var recalled = recent.Recall(name);
            if (recalled is { MayBeRemembered: true })
            {
                kept[name] = recalled;
            }
            else if (looks || recalled is not null)
            {
                unknown.Add(name);
            }
        }

        foreach (var (name, answer) in await IdempotencyRecord.Find(database, unknown, CancellationToken.None))
        {
            kept[name] = answer;
            recent.Remember(name, answer);
        }

        return kept;
    }

    // It is unknown whether the commit happened. The next batch reads again, and a retry with the same key finds out.
    private void Doubt(IReadOnlyList<PendingCommand> together, Refusal refusal)
    {
        foreach (var pending in together)
        {
            states.Forget(pending.Request.RoomID);
            pending.Resolve(new RoomOutcome.Refused(refusal));
        }
    }

    private static bool IsTaken(Exception failure) =>
        Cause(failure) is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "rooms_handle" or "agents_handle" };

    /// <summary>Another node committed first: to the same room, under the same name, or with another order of locks.</summary>
    private static bool IsLate(Exception failure) =>
        failure is ConcurrencyException or ExistingStreamIdCollisionException || IsAnswered(failure)
        || Cause(failure) is { SqlState: FactAppend.StreamHasMoved or PostgresErrorCodes.DeadlockDetected };

    private static bool IsAnswered(Exception failure) =>
        Cause(failure) is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: Tables.KeptAnswersKey };

    private static PostgresException? Cause(Exception failure) => DatabaseRefusal.Cause(failure);
}
