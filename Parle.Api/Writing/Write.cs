using System.Text.Json;
using Marten;
using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Platform;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain;
using Parle.Domain.Rooms;
using Parle.Projections;

namespace Parle.Api.Writing;

/// <summary>
/// The write of a request: one action, by one actor, under one idempotency key. It happens once (law 3): a retry with the same meaning gets
/// the same answer, one with another meaning a conflict. An endpoint says what to write; this class says how.
/// </summary>
[FromRequest]
public sealed class Write
{
    private readonly HttpContext context;
    private readonly ParleAction action;
    private readonly IdempotencyKey key;

    private Write(HttpContext context, ParleAction action, Actor actor, IdempotencyKey key) =>
        (this.context, this.action, Actor, this.key, AuthorID) = (context, action, actor, key, actor.AuthorID);

    /// <summary>The writer.</summary>
    public Actor Actor { get; }

    /// <summary>
    /// The owner of the idempotency key. If the answer holds a secret of one token, it is that token: another token of the same agent must
    /// not get the answer.
    /// </summary>
    public Guid AuthorID { get; private init; }

    /// <summary>The attribution of every fact of this write (law 5).</summary>
    public Attribution Attribution => field ??= Actor.Attribution(context.TraceIdentifier);

    /// <summary>The room of the path; null when the path names none.</summary>
    public Guid? RoomID => WireID.InPath(context, "room");

    /// <summary>The path's id under <paramref name="name"/>; null when there is none.</summary>
    public Guid? PathID(string name) => WireID.InPath(context, name);

    /// <summary>The write of a request whose action takes a key.</summary>
    public static Write Of(HttpContext context) => new(
        context, context.GetEndpoint()!.Metadata.GetRequiredMetadata<ServesAttribute>().Action,
        context.Features.Get<Actor>() ?? Actor.Of(RequestContract.Part<Caller>(context)), RequestContract.Part<IdempotencyKey>(context));

    /// <summary>The same write, with a key that belongs to one token instead of its agent, and without a session's attribution.</summary>
    public Write OfToken(Caller caller) =>
        new(context, action, Actor.Of(caller with { Session = null }), key) { AuthorID = caller.TokenID };

    /// <summary>The same write, whose key belongs to the presented token, or to the person.</summary>
    public Write WithSecret() => new(context, action, Actor, key) { AuthorID = Actor.Agent?.TokenID ?? Actor.AuthorID };

    /// <summary>The meaning of the request: its path, and <paramref name="body"/> with the defaults filled in.</summary>
    public Meaning Says(object? body) => RequestMeaning.Of(context, body);

    /// <summary>The meaning of the request, built by its endpoint.</summary>
    /// <param name="said">All parts of the meaning.</param>
    /// <param name="former">The same as an earlier version built it; absent: as <paramref name="said"/>.</param>
    public Meaning SaysExactly(object said, object? former = null) =>
        Meaning.Of(context.RequestServices.GetRequiredService<ServerKey>(), said, former);

    /// <summary>The meaning of the request, as canonical JSON.</summary>
    /// <param name="canonical">All parts of the meaning.</param>
    /// <param name="former">The same as an earlier version built it; absent: the same.</param>
    public Meaning SaysText(string canonical, string? former = null) =>
        Meaning.OfText(context.RequestServices.GetRequiredService<ServerKey>(), canonical, former);

    /// <summary>Writes in the room of the path, without an answer.</summary>
    public Task<WriteResult<object>> InRoom(Func<Room?, DateTimeOffset, Decision> decide) =>
        InRoom<object>(Says(null), decide, answer: null);

    /// <summary>Writes in the room of the path.</summary>
    /// <typeparam name="T">The answer, as stored for retries; holds no secret.</typeparam>
    /// <param name="meaning">The meaning of the request.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="answer">Makes the answer from the room and the first recorded fact; null for none.</param>
    public Task<WriteResult<T>> InRoom<T>(
        Meaning meaning, Func<Room?, DateTimeOffset, Decision> decide, Func<Room, RecordedFact, T>? answer)
        where T : class =>
        RoomID is { } roomID
            ? InRoom(roomID, meaning, decide, answer) : Task.FromResult(new WriteResult<T>(new RoomOutcome.Refused(Refusals.NoSuchThing)));

    /// <summary>Writes in a room.</summary>
    /// <typeparam name="T">See above.</typeparam>
    /// <param name="roomID">The room.</param>
    /// <param name="meaning">See above.</param>
    /// <param name="decide">See above.</param>
    /// <param name="answer">See above.</param>
    /// <param name="more">Further writes in the same transaction.</param>
    public async Task<WriteResult<T>> InRoom<T>(Guid roomID, Meaning meaning, Func<Room?, DateTimeOffset, Decision> decide,
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
        ReceiptReference.AddHeader(context, Actor, roomID, outcome);
        return new(outcome);
    }

    /// <summary>Writes outside of rooms. The writes of one principal come one after the other, on all nodes.</summary>
    /// <typeparam name="T">The stored part of the answer. It holds no secret: a secret is read again from
    /// <see cref="MintedSecrets"/>.</typeparam>
    /// <param name="session">The unit of work. This method does not save it; its caller does.</param>
    /// <param name="body">The body; the meaning adds the path.</param>
    /// <param name="write">Queues the facts in the unit of work, and returns the answer to store, or refuses. Must not need another
    /// connection.</param>
    /// <param name="answer">Makes the answer from the stored part and whether it is a replay.</param>
    public Task<IResult> Once<T>(
        IDocumentSession session, object? body, Func<Attribution, Task<(Refusal? Refusal, T? Kept)>> write, Func<T, bool, IResult> answer)
        where T : class => Once(session, body, write, (T kept, bool replayed) => Task.FromResult(answer(kept, replayed)));

    /// <summary>The same for an answer that needs a query: a secret that is shown again.</summary>
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

    private static async Task<IdempotencyRecord?> Earlier(
        IDocumentSession session, IdempotencyName name, CancellationToken cancellation) => (await session.Rows(
            "select fingerprint, answer from parle.kept_answers where room_id = $1 and author_id = $2 and action = $3 and key = $4",
            row => new IdempotencyRecord(row.Get<byte[]>("fingerprint"), row.Get<string>("answer")), cancellation, name.RoomID,
            name.AuthorID, name.Action, name.Key)) is [var kept] ? kept : null;
}

/// <summary>Options of a write in a room.</summary>
public readonly record struct RoomWriteOptions
{
    /// <summary>Further writes in the same transaction if a fact is recorded.</summary>
    public Action<IDocumentSession, IReadOnlyList<RecordedFact>>? Also { get; init; }

    /// <summary>Budgets to take from, beside the uses of the presented token.</summary>
    public IReadOnlyList<UsageBudget>? Consumes { get; init; }
}
