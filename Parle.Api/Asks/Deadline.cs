using System.Security.Cryptography;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Wolverine.Attributes;

namespace Parle.Api.Asks;

/// <summary>A deadline of an ask or of a claim, unless something else happens before.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="AskID">The ask.</param>
/// <param name="Claim">The number of the claim that lapses; null when the ask itself expires.</param>
/// <param name="At">The moment.</param>
/// <param name="Cause">The actor who set it.</param>
[MessageIdentity("Parle.Api.Asks.Deadline")] // The name that it is stored under, wherever the type lies.
public sealed record Deadline(Guid RoomID, Guid AskID, int? Claim, DateTimeOffset At, Attribution Cause)
{
    /// <summary>The deadline that follows from <paramref name="fact"/>; none for most facts.</summary>
    internal static IEnumerable<FollowUp> Of(Guid roomID, object fact, Attribution cause) =>
        RoomFacts.Of(fact).Deadline(fact) is { } set
            ? [new(new Deadline(roomID, ((AskFact)fact).AskID, set.Claim, set.At, cause), set.At)] : [];
}

/// <summary>Ends claims and asks at their deadlines.</summary>
public static class DeadlineHandler
{
    /// <summary>Has the end decided by the room's writer; an answer that came first wins.</summary>
    /// <exception cref="TimeoutException">The writer's queue was full or the database unavailable; to be retried.</exception>
    public static async Task Handle(Deadline deadline, RoomWriters writers)
    {
        var (factID, salt) = (Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(Content.SaltLength));
        var attribution = new Attribution("service:clock", deadline.Cause.PrincipalID,
            [.. deadline.Cause.Authority, $"ask:{deadline.AskID}"], deadline.Cause.Correlation);
        var outcome = await writers.Decide(new(deadline.RoomID, attribution, (room, now) => deadline.Claim is { } claim
            ? new LapseClaim(deadline.AskID, claim, factID, salt).Decide(room, now)
            : new ExpireAsk(deadline.AskID, factID, salt).Decide(room, now)));
        if (outcome is RoomOutcome.Refused { Refusal: var refusal })
        {
            throw new TimeoutException(refusal.Message);
        }
    }
}
