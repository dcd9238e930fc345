using Marten;
using Parle.Domain;
using Wolverine.Marten.Publishing;
using Wolverine.Runtime;

namespace Parle.Api.Writing;

/// <summary>A durable message that follows from a fact.</summary>
/// <param name="Message">The message.</param>
/// <param name="At">The time to handle it; null for at once.</param>
public sealed record FollowUp(object Message, DateTimeOffset? At = null);

/// <summary>The messages that follow from a fact outside of its room; none for most facts. Each slice registers its own rule.</summary>
/// <param name="roomID">The room.</param>
/// <param name="fact">The recorded fact.</param>
/// <param name="cause">Its attribution.</param>
public delegate IEnumerable<FollowUp> FollowUpRule(Guid roomID, object fact, Attribution cause);

/// <summary>Commits facts together with the messages that follow from them.</summary>
/// <param name="messaging">Wolverine's runtime, which stores durable messages.</param>
/// <param name="sessions">Units of work that hold messages.</param>
/// <param name="rules">The rules of all slices.</param>
public sealed class FollowUps(IWolverineRuntime messaging, OutboxedSessionFactory sessions, IEnumerable<FollowUpRule> rules)
{
    private readonly FollowUpRule[] rules = [.. rules];

    /// <summary>The messages that follow from one fact.</summary>
    public IEnumerable<FollowUp> Of(Guid roomID, object fact, Attribution cause) => rules.SelectMany(rule => rule(roomID, fact, cause));

    /// <summary>A unit of work that holds these messages already.</summary>
    public async Task<IDocumentSession> OpenSession(IReadOnlyList<FollowUp> following)
    {
        var outbox = new MessageContext(messaging);
        var session = sessions.OpenSession(outbox);
        foreach (var one in following)
        {
            await outbox.PublishAsync(one.Message, one.At is { } at ? new() { ScheduledTime = at } : null);
        }

        return session;
    }
}
