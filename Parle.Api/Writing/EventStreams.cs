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
