using System.Threading.Channels;

namespace Parle.Api.Platform;

/// <summary>
/// A bounded queue whose only reader takes everything that waits and answers it together: so a crowd shares one round trip, and a single
/// request is never held back to wait for others.
/// </summary>
/// <remarks>
/// JasperFx's <c>BatchingChannel</c> waits for a time or a number of items. Here the batch is whatever came during the last round trip.
/// </remarks>
/// <param name="capacity">Most requests that wait.</param>
/// <param name="maxTogether">Most requests of one batch.</param>
/// <typeparam name="TRequest">What is asked for.</typeparam>
/// <typeparam name="TAnswer">What comes back.</typeparam>
public sealed class Batcher<TRequest, TAnswer>(int capacity, int maxTogether)
{
    private readonly Channel<Pending<TRequest, TAnswer>> waiting = Channel.CreateBounded<Pending<TRequest, TAnswer>>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <summary>Queues a request.</summary>
    /// <returns>Its answer.</returns>
    /// <exception cref="TimeoutException">The queue is full or closed; the task that is returned fails with it.</exception>
    public Task<TAnswer> Ask(TRequest request) => TryAsk(request)
        ?? Task.FromException<TAnswer>(new TimeoutException("The service is stopping, or too many requests wait."));

    /// <summary>Queues a request; null when the queue is full or closed.</summary>
    public Task<TAnswer>? TryAsk(TRequest request)
    {
        var pending = new Pending<TRequest, TAnswer>(request);
        return waiting.Writer.TryWrite(pending) ? pending.Answer : null;
    }

    /// <summary>Passes on a request of another queue, and waits for room. The same caller gets the answer.</summary>
    public ValueTask Pass(Pending<TRequest, TAnswer> pending) => waiting.Writer.WriteAsync(pending);

    /// <summary>Takes no more requests. Those that wait are still answered.</summary>
    public void Close() => waiting.Writer.TryComplete();

    /// <summary>
    /// Answers all requests until the queue is closed and empty. A batch that fails passes its exception to each request of it that has no
    /// answer yet, and the next batch is tried on its own.
    /// </summary>
    /// <param name="answer">Answers each request of a batch.</param>
    public async Task Run(Func<IReadOnlyList<Pending<TRequest, TAnswer>>, Task> answer)
    {
        await foreach (var together in waiting.Reader.ReadBatches(maxTogether))
        {
            try
            {
                await answer(together);
            }
            catch (Exception failure) // Whatever it is: the callers that wait must hear of it.
            {
                together.ForEach(pending => pending.Fail(failure));
            }
        }
    }

    /// <summary>Whether a request waits that is in no batch yet.</summary>
    public bool AnyWaits => waiting.Reader.TryPeek(out _);
}

/// <summary>A queued request with its future answer.</summary>
/// <param name="request">The request.</param>
/// <typeparam name="TRequest">What is asked for.</typeparam>
/// <typeparam name="TAnswer">What comes back.</typeparam>
public sealed class Pending<TRequest, TAnswer>(TRequest request)
{
    private readonly TaskCompletionSource<TAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The request.</summary>
    public TRequest Request { get; } = request;

    /// <summary>The answer, once there is one.</summary>
    public Task<TAnswer> Answer => answer.Task;

    /// <summary>Answers; no effect the second time.</summary>
    public void Resolve(TAnswer value) => answer.TrySetResult(value);

    /// <summary>Fails; no effect when there is an answer.</summary>
    public void Fail(Exception failure) => answer.TrySetException(failure);
}

/// <summary>Reads a channel in batches.</summary>
public static class ChannelBatches
{
    /// <summary>All that waits, again and again, until the channel is closed and empty. The list is reused for the next batch.</summary>
    /// <param name="reader">The channel.</param>
    /// <param name="most">Most items of one batch.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async IAsyncEnumerable<List<T>> ReadBatches<T>(
        this ChannelReader<T> reader, int most,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var together = new List<T>(most);
        while (await reader.WaitToReadAsync(cancellation))
        {
            while (together.Count < most && reader.TryRead(out var item))
            {
                together.Add(item);
            }

            yield return together;
            together.Clear();
        }
    }
}
