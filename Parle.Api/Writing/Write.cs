using System.Text.Json;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Platform;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Writing;

/// <summary>
/// The write that a request asks for: one action, by one actor, under one idempotency key. It happens once (law 3): a retry with the same
/// meaning gets the same answer, one with another meaning a conflict. An endpoint says what is written; how is said here.
/// </summary>
[FromRequest]
public sealed class Write
{
    private readonly HttpContext context;
    private readonly ParleAction action;
    private readonly IdempotencyKey key;

    private Write(HttpContext context, ParleAction action, Actor actor, IdempotencyKey key) =>
        (this.context, this.action, Actor, this.key, AuthorID) = (context, action, actor, key, actor.AuthorID);

    /// <summary>Who writes.</summary>
    public Actor Actor { get; }

    /// <summary>
    /// In whose name keys are told apart. Where the answer holds a secret of one token, it is that token: another token of the same agent
    /// must not get the answer.
    /// </summary>
    public Guid AuthorID { get; private init; }

    /// <summary>What every fact of this write says about who caused it (law 5).</summary>
    public Attribution Attribution => field ??= Actor.Attribution(context.TraceIdentifier);

    /// <summary>The room of the path; null when the path names none.</summary>
    public Guid? RoomID => WireID.InPath(context, "room");

    /// <summary>The id that stands in the path under <paramref name="name"/>; null when none does.</summary>
    public Guid? PathID(string name) => WireID.InPath(context, name);

    /// <summary>The write of a request whose action takes a key.</summary>
    public static Write Of(HttpContext context) => new(
        context, context.GetEndpoint()!.Metadata.GetRequiredMetadata<ServesAttribute>().Action,
        context.Features.Get<Actor>() ?? Actor.Of(RequestContract.Part<Caller>(context)), RequestContract.Part<IdempotencyKey>(context));

    /// <summary>The same write, whose key belongs to one token instead of its agent, and for which no session vouches.</summary>
    public Write OfToken(Caller caller) =>
        new(context, action, Actor.Of(caller with { Session = null }), key) { AuthorID = caller.TokenID };

    /// <summary>The same write, whose key belongs to the presented token, or to the person.</summary>
    public Write WithSecret() => new(context, action, Actor, key) { AuthorID = Actor.Agent?.TokenID ?? Actor.AuthorID };

    /// <summary>What the request says: its path, and <paramref name="body"/> with the defaults filled in.</summary>
    public Meaning Says(object? body) => RequestMeaning.Of(context, body);

    /// <summary>What the request says, put together by its endpoint.</summary>
    /// <param name="said">All that its key stands for.</param>
    /// <param name="former">The same as an earlier version put it together; absent: as <paramref name="said"/>.</param>
    public Meaning SaysExactly(object said, object? former = null) =>
        Meaning.Of(context.RequestServices.GetRequiredService<ServerKey>(), said, former);

    /// <summary>What the request says, in canonical JSON already.</summary>
    /// <param name="canonical">All that its key stands for.</param>
    /// <param name="former">The same as an earlier version put it together; absent: the same.</param>
    public Meaning SaysText(string canonical, string? former = null) =>
        Meaning.OfText(context.RequestServices.GetRequiredService<ServerKey>(), canonical, former);

    /// <summary>Writes in the room of the path, where there is nothing to answer.</summary>
    public Task<Written<object>> InRoom(Func<Room?, DateTimeOffset, Decision> decide) => InRoom<object>(Says(null), decide, answer: null);

    /// <summary>Writes in the room of the path.</summary>
    /// <typeparam name="T">The answer, as it is kept for retries; holds no secret.</typeparam>
    /// <param name="meaning">What the request says.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="answer">The answer, from the room and the first fact recorded; null when there is nothing to say.</param>
    public Task<Written<T>> InRoom<T>(Meaning meaning, Func<Room?, DateTimeOffset, Decision> decide, Func<Room, RecordedFact, T>? answer)
        where T : class =>
        RoomID is { } roomID
            ? InRoom(roomID, meaning, decide, answer) : Task.FromResult(new Written<T>(new RoomOutcome.Refused(Refusals.NoSuchThing)));

    /// <summary>Writes in a room.</summary>
    /// <typeparam name="T">See above.</typeparam>
    /// <param name="roomID">The room.</param>
    /// <param name="meaning">See above.</param>
    /// <param name="decide">See above.</param>
    /// <param name="answer">See above.</param>
    /// <param name="more">What the write does besides.</param>
    public async Task<Written<T>> InRoom<T>(Guid roomID, Meaning meaning, Func<Room?, DateTimeOffset, Decision> decide,
        Func<Room, RecordedFact, T>? answer, RoomWriteOptions more = default)
        where T : class
    {
        var outcome = await context.RequestServices.GetRequiredService<RoomWriters>().Decide(new(roomID, Attribution, decide)
        {
            Idempotency = new(
                new(roomID, AuthorID, action.Id, key.Text), meaning,
                (room, fact) => answer is null ? "" : JsonSerializer.Serialize(answer(room, fact), WireJson.Options)),
            Consumes = [.. more.Consumes ?? [], .. TokenUses.Of(Actor.Agent)],
            Also = more.Also,
        });
        ReceiptReference.Tell(context, Actor, roomID, outcome);
        return new(outcome);
    }

    /// <summary>Writes outside of rooms. The writes of one principal come one after the other, on all nodes.</summary>
    /// <typeparam name="T">What is kept of the answer. Holds no secret: one that is handed over comes from <see cref="MintedSecrets"/>
    /// again.</typeparam>
    /// <param name="session">The unit of work; the caller of this saves it.</param>
    /// <param name="body">What the request says, beside its path.</param>
    /// <param name="write">Queues the facts in the unit of work, and says what to keep, or why not. Must not need another
    /// connection.</param>
    /// <param name="answer">The answer, from what is kept and whether it was done before.</param>
    public Task<IResult> Once<T>(
        IDocumentSession session, object? body, Func<Attribution, Task<(Refusal? Refusal, T? Kept)>> write, Func<T, bool, IResult> answer)
        where T : class => Once(session, body, write, (T kept, bool replayed) => Task.FromResult(answer(kept, replayed)));

    /// <summary>The same, where the answer takes a query of its own: a secret that is handed over again.</summary>
    /// <typeparam name="T">See above.</typeparam>
    /// <param name="session">See above.</param>
    /// <param name="body">See above.</param>
    /// <param name="write">See above.</param>
    /// <param name="answer">See above.</param>
    public async Task<IResult> Once<T>(IDocumentSession session, object? body, Func<Attribution, Task<(Refusal? Refusal, T? Kept)>> write,
        Func<T, bool, Task<IResult>> answer)
        where T : class
    {
        await PrincipalLocks.Of(context).Take(session, Actor.PrincipalID);
        var (name, meaning) = (new IdempotencyName(Guid.Empty, AuthorID, action.Id, key.Text), Says(body));
        if (await Earlier(session, name, context.RequestAborted) is { } earlier)
        {
            return meaning.IsOf(earlier)
                ? await answer(JsonSerializer.Deserialize<T>(earlier.Answer, WireJson.Options)!, true)
                : new RefusalResult(Refusals.IdempotencyConflict);
        }

        var (refusal, kept) = await write(Attribution);
        if (refusal is not null)
        {
            return new RefusalResult(refusal);
        }

        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        session.QueueOperation(
            IdempotencyRecord.Keep([(name, new(meaning.Fingerprint(), JsonSerializer.Serialize(kept, WireJson.Options)))], now));
        return await answer(kept!, false);
    }

    private static async Task<IdempotencyRecord?> Earlier(IDocumentSession session, IdempotencyName name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select fingerprint, answer from parle.kept_answers where room_id = $1 and author_id = $2 and action = $3 and key = $4")
        {
            Parameters =
            { new() { Value = name.RoomID }, new() { Value = name.AuthorID }, new() { Value = name.Action }, new() { Value = name.Key } },
        };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        return await rows.ReadAsync(cancellation) ? new(rows.GetFieldValue<byte[]>(0), rows.GetString(1)) : null;
    }
}

/// <summary>What a write in a room does besides.</summary>
public readonly record struct RoomWriteOptions
{
    /// <summary>What else is written in the same transaction when something is recorded.</summary>
    public Action<IDocumentSession, IReadOnlyList<RecordedFact>>? Also { get; init; }

    /// <summary>What is used up, beside the uses of the presented token.</summary>
    public IReadOnlyList<UsageBudget>? Consumes { get; init; }
}
