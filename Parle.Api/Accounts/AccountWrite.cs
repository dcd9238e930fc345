using System.Text.Json;
using Marten;
using Npgsql;
using Parle.Api.Aliases;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Domain;

namespace Parle.Api.Accounts;

/// <summary>A write outside of rooms. Those of one principal come one after the other, on all nodes; each happens once under its name (law 3).</summary>
/// <param name="Action">What is done.</param>
/// <param name="Actor">Who does it.</param>
/// <param name="Key">Its name.</param>
/// <param name="Meaning">What it says; with its path, what the name stands for.</param>
public sealed record AccountWrite(ParleAction Action, Actor Actor, IdempotencyKey Key, object? Meaning)
{
    /// <summary>Whose name it is: the actor's, unless said otherwise. Where the answer is a secret that belongs to one credential, that credential's.</summary>
    public Guid AuthorID { get; init; } = Actor.AuthorID;

    /// <summary>Does it, unless it was done.</summary>
    /// <typeparam name="T">What is kept of the answer. Holds no secret: one that is handed over comes from <see cref="MintedSecrets"/> again.</typeparam>
    /// <param name="session">The unit of work; who called this saves it.</param>
    /// <param name="context">The request.</param>
    /// <param name="write">Queues the facts in the unit of work, and says what to keep, or why not. Must not need another connection.</param>
    /// <param name="answer">The answer, from what is kept and whether it was done before.</param>
    public Task<IResult> Once<T>(
        IDocumentSession session, HttpContext context, Func<Attribution, Task<(Refusal? Refusal, T? Kept)>> write, Func<T, bool, IResult> answer)
        where T : class =>
        Once(session, context, write, (T kept, bool replayed) => Task.FromResult(answer(kept, replayed)));

    /// <summary>The same, where the answer takes a look of its own: a secret that is handed over again.</summary>
    /// <typeparam name="T">See above.</typeparam>
    /// <param name="session">See above.</param>
    /// <param name="context">See above.</param>
    /// <param name="write">See above.</param>
    /// <param name="answer">See above.</param>
    public async Task<IResult> Once<T>(
        IDocumentSession session, HttpContext context, Func<Attribution, Task<(Refusal? Refusal, T? Kept)>> write, Func<T, bool, Task<IResult>> answer)
        where T : class
    {
        await session.TakeTurn(Actor.PrincipalID, context, context.RequestAborted);
        var name = new WriteName(Guid.Empty, AuthorID, Action.Id, Key.Text);
        var meaning = RequestMeaning.Of(context, Meaning);
        if (await Earlier(session, name, context.RequestAborted) is { } earlier)
        {
            return meaning.IsOf(earlier)
                ? await answer(JsonSerializer.Deserialize<T>(earlier.Answer, WireJson.Options)!, true)
                : new RefusalResult(Refusals.IdempotencyConflict);
        }

        var (refusal, kept) = await write(Actor.Attribution(context.TraceIdentifier));
        if (refusal is not null)
        {
            return new RefusalResult(refusal);
        }

        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        session.QueueOperation(KeptAnswer.Keep([(name, new(meaning.Fingerprint(), JsonSerializer.Serialize(kept, WireJson.Options)))], now));
        return await answer(kept!, false);
    }

    private static async Task<KeptAnswer?> Earlier(IDocumentSession session, WriteName name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select fingerprint, answer from parle.kept_answers where room_id = $1 and author_id = $2 and action = $3 and key = $4")
        {
            Parameters = { new() { Value = name.RoomID }, new() { Value = name.AuthorID }, new() { Value = name.Action }, new() { Value = name.Key } },
        };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        return await rows.ReadAsync(cancellation) ? new(rows.GetFieldValue<byte[]>(0), rows.GetString(1)) : null;
    }
}
