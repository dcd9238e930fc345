using System.Text.Json;
using Marten;
using Parle.Api.Contract;
using Parle.Api.Lanes;
using Parle.Api.Record;
using Parle.Api.Tokens;
using Parle.Domain;
using Parle.Domain.Rooms;

namespace Parle.Api.Invitations;

/// <summary>A named write of somebody who manages a room, in the room's lane.</summary>
internal static class InvitationWrite
{
    /// <summary>Does it, unless it was done under this name (law 3).</summary>
    /// <typeparam name="T">What is kept of the answer; holds no secret.</typeparam>
    /// <param name="lanes">Where rooms are written.</param>
    /// <param name="context">The request.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="action">What.</param>
    /// <param name="key">Its name.</param>
    /// <param name="roomID">Where.</param>
    /// <param name="meaning">What it says.</param>
    /// <param name="decide">The decision.</param>
    /// <param name="keep">What is kept of the answer, from the first fact recorded.</param>
    /// <param name="also">What else is written with it.</param>
    /// <param name="authorID">Whose name it is; null for the actor's. Where the answer holds a secret, the token's: another one of the same agent must not be answered with it.</param>
    /// <param name="former">What it says as versions of before put it together; absent: the same.</param>
    public static async Task<(Refusal? Refusal, T? Kept, bool Replayed)> Once<T>(
        this RoomLanes lanes, HttpContext context, Actor actor, ParleAction action, IdempotencyKey key, Guid roomID, object? meaning, Func<Room?, DateTimeOffset, Decision> decide,
        Func<RecordedFact, T> keep, Action<IDocumentSession, IReadOnlyList<RecordedFact>>? also = null, Guid? authorID = null, object? former = null)
        where T : class
    {
        var server = context.RequestServices.GetRequiredService<ServerKey>();
        var outcome = await lanes.Decide(new(roomID, actor.Attribution(context.TraceIdentifier), decide)
        {
            Idempotency = new(
                new(roomID, authorID ?? actor.AuthorID, action.Id, key.Text), Meaning.Of(server, meaning ?? new { }, former),
                (_, fact) => JsonSerializer.Serialize(keep(fact), WireJson.Options)),
            Also = also,
            Consumes = TokenUses.Of(actor.Agent),
        });
        ReceiptReference.Tell(context, actor, roomID, outcome);
        return outcome switch
        {
            RoomOutcome.Settled { Answer: { } answer } => (null, Read(answer), false),
            RoomOutcome.Replayed replayed => (null, Read(replayed.Answer), true),
            RoomOutcome.Refused refused => (refused.Refusal, null, false),
            _ => throw new InvalidOperationException($"{action.Id} recorded nothing."),
        };

        static T? Read(string answer) => JsonSerializer.Deserialize<T>(answer, WireJson.Options);
    }
}

/// <summary>What is kept of the answer to a mint: the rest follows from the request.</summary>
/// <param name="InvitationID">Which invitation.</param>
/// <param name="ExpiresAt">When it is over.</param>
internal sealed record KeptInvitation(Guid InvitationID, DateTimeOffset ExpiresAt);
