using Marten;
using Parle.Domain;
using Wolverine.Marten.Publishing;
using Wolverine.Runtime;

namespace Parle.Api.Writing;

/// <summary>A durable message that follows from a fact.</summary>
/// <param name="Message">The message.</param>
/// <param name="At">When it is handled; null for at once.</param>
public sealed record FollowUp(object Message, DateTimeOffset? At = null);

/// <summary>What follows from a fact outside of its room; empty for most facts. Each slice registers its own.</summary>
/// <param name="roomID">The room.</param>
/// <param name="fact">What was recorded.</param>
/// <param name="cause">Who caused it.</param>
public delegate IEnumerable<FollowUp> FollowUpRule(Guid roomID, object fact, Attribution cause);

/// <summary>Commits what follows from facts together with them, or not at all.</summary>
/// <param name="messaging">Where durable messages go.</param>
/// <param name="sessions">Units of work that hold messages.</param>
/// <param name="rules">What follows from what.</param>
public sealed class FollowUps(IWolverineRuntime messaging, OutboxedSessionFactory sessions, IEnumerable<FollowUpRule> rules)
{
    private readonly FollowUpRule[] rules = [.. rules];

    /// <summary>What follows from one fact.</summary>
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
