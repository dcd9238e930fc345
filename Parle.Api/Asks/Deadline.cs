using System.Security.Cryptography;
using Marten;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Asks;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Wolverine.Attributes;
using Wolverine.Marten.Publishing;
using Wolverine.Runtime;

namespace Parle.Api.Asks;

/// <summary>A moment at which something about an ask is over, unless something else happened before.</summary>
/// <param name="RoomID">The room.</param>
/// <param name="AskID">The ask.</param>
/// <param name="Claim">Which claim lapses; null when the ask itself expires.</param>
/// <param name="At">The moment.</param>
/// <param name="Cause">Who acted when it was set.</param>
[MessageIdentity("Parle.Api.Asks.Deadline")] // The name that it is stored under, wherever the type lies.
public sealed record Deadline(Guid RoomID, Guid AskID, int? Claim, DateTimeOffset At, Attribution Cause)
{
    /// <summary>The deadline that follows from <paramref name="fact"/>; none for most facts.</summary>
    internal static IEnumerable<Deadline> Of(Guid roomID, object fact, Attribution cause) =>
        RoomFacts.Of(fact).Deadline(fact) is { } set ? [new(roomID, ((AskFact)fact).AskID, set.Claim, set.At, cause)] : [];
}

/// <summary>Opens units of work whose deadlines, and what else follows, are committed with their facts, or not at all.</summary>
public sealed class DeadlineOutbox(IWolverineRuntime messaging, OutboxedSessionFactory sessions)
{
    /// <summary>A unit of work that holds <paramref name="deadlines"/> already, and messages of what follows at once.</summary>
    public async Task<IDocumentSession> OpenSession(IReadOnlyList<Deadline> deadlines, IReadOnlyList<object> following)
    {
        var outbox = new MessageContext(messaging);
        var session = sessions.OpenSession(outbox);
        foreach (var deadline in deadlines)
        {
            await outbox.PublishAsync(deadline, new() { ScheduledTime = deadline.At });
        }

        foreach (var message in following)
        {
            await outbox.PublishAsync(message);
        }

        return session;
    }
}

/// <summary>Ends what is over.</summary>
public static class DeadlineHandler
{
    /// <summary>Has it decided by the room's writer, where an answer that came first wins.</summary>
    /// <exception cref="TimeoutException">The writer's queue was full or the database away: to be tried again.</exception>
    public static async Task Handle(Deadline deadline, RoomWriters writers)
    {
        var (factID, salt) = (Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(Content.SaltLength));
        var attribution = new Attribution("service:clock", deadline.Cause.PrincipalID, [.. deadline.Cause.Authority, $"ask:{deadline.AskID}"], deadline.Cause.Correlation);
        var outcome = await writers.Decide(new(deadline.RoomID, attribution, (room, now) => deadline.Claim is { } claim
            ? new LapseClaim(deadline.AskID, claim, factID, salt).Decide(room, now)
            : new ExpireAsk(deadline.AskID, factID, salt).Decide(room, now)));
        if (outcome is RoomOutcome.Refused { Refusal: var refusal })
        {
            throw new TimeoutException(refusal.Message);
        }
    }
}
