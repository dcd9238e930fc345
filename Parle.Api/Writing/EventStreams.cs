using JasperFx;
using Marten;
using Parle.Domain;
using Parle.Projections;

namespace Parle.Api.Writing;

/// <summary>
/// Streams outside of rooms: accounts, agents, tokens and sessions. They are short, so a decision folds the whole stream, and the append
/// fails if the stream has grown since.
/// </summary>
/// <remarks>
/// Marten's <c>FetchForExclusiveWriting</c> would want aggregates in its own form, and locks only a stream that is there.
/// <c>PrincipalLocks</c> also serves decisions that no stream exists for yet.
/// </remarks>
internal static class EventStreams
{
    private const int MaxAttempts = 100;

    /// <summary>The state of a stream.</summary>
    /// <param name="work">The unit of work.</param>
    /// <param name="streamID">The stream.</param>
    /// <param name="apply">The domain's fold; it gets null before the first event.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The state, null when there is no such stream, and the version: the number of its events.</returns>
    public static async Task<(T? State, long Version)> Fold<T>(
        this IDocumentSession work, Guid streamID, Func<T?, object, T?> apply, CancellationToken cancellation)
        where T : class
    {
        var events = await work.Events.FetchStreamAsync(streamID, token: cancellation);
        return (events.Aggregate((T?)null, (state, one) => apply(state, one.Data)), events.Count);
    }

    /// <summary>
    /// Commits what another node, or a message that is handled twice, may be committing too: then nothing is committed, and the caller
    /// looks at what is left. Wolverine would retry as well, but it reports each lost race as an error.
    /// </summary>
    /// <param name="work">The unit of work.</param>
    /// <param name="attempt">The number of this attempt, from 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">It was too late a hundred times: to be retried later.</exception>
    public static async Task SaveUnlessLate(this IDocumentSession work, int attempt, CancellationToken cancellation)
    {
        try
        {
            await work.SaveChangesAsync(cancellation);
        }
        catch (ConcurrencyException) when (attempt < MaxAttempts)
        {
            // Each lost race means that another one did a part of the work.
        }
        catch (ConcurrencyException busy)
        {
            throw new TimeoutException("Others write the same streams.", busy);
        }
    }

    /// <summary>Appends an event; the unit of work fails when the stream does not have that version any more.</summary>
    /// <param name="work">The unit of work.</param>
    /// <param name="streamID">The stream.</param>
    /// <param name="version">The version that was decided over.</param>
    /// <param name="data">The event.</param>
    /// <param name="now">The time of the event.</param>
    /// <param name="attribution">Its actor, principal, authority and correlation.</param>
    public static void AppendAt(
        this IDocumentSession work, Guid streamID, long version, object data, DateTimeOffset now, Attribution attribution) =>
        work.Events.Append(streamID, work.BuildFact(data, Guid.CreateVersion7(now), now, attribution)).ExpectedVersionOnServer = version;
}
