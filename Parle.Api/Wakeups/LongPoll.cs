using Parle.Api.Callers;
using Parle.Api.Wire;

namespace Parle.Api.Wakeups;

/// <summary>A waiting read: runs a query, and again with each notification, until it has a result or the wait is over.</summary>
public sealed class LongPoll(Notifier notifier, SessionActivity activity, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>
    /// Returns the last result, even if the caller's access changed meanwhile: check access again before using it. No database
    /// connection is held between two queries.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="maxWait">The time to wait for a result; zero for one query.</param>
    /// <param name="caller">The caller. It waits for no longer than its session and its token live.</param>
    /// <param name="keys">The keys to listen for, beside those about the caller's access.</param>
    /// <param name="query">Runs the query, and tells whether the wait is over.</param>
    /// <param name="hungUp">Cancelled when the caller hung up.</param>
    public async Task<T> Until<T>(
        TimeSpan maxWait, Caller caller, IReadOnlyList<Guid> keys, Func<Task<(T Result, bool IsEnough)>> query, CancellationToken hungUp)
    {
        maxWait = HeadRequests.ShowsNothing ? TimeSpan.Zero : maxWait;
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(hungUp, lifetime.ApplicationStopping);
        using var listener = maxWait > TimeSpan.Zero ? notifier.Listen([.. keys, .. caller.StandingKeys]) : null;
        var deadline = clock.GetUtcNow() + maxWait is var end && end < caller.HoldsUntil ? end : caller.HoldsUntil;
        IDisposable? held = null;
        try
        {
            while (true)
            {
                var (result, isEnough) = await query();
                var left = deadline - clock.GetUtcNow();
                if (isEnough || left <= TimeSpan.Zero)
                {
                    return result;
                }

                held ??= await activity.Hold(caller.Session!.SessionID, cancelled.Token);
                if (!await WaitForSignal(listener!, left, cancelled.Token) || listener!.Take().Any(SignalKind.Standing))
                {
                    return result;
                }
            }
        }
        finally
        {
            held?.Dispose();
        }
    }

    // A stopping service returns what it has. With their cursors the readers resume on another node, or later.
    private async Task<bool> WaitForSignal(Listener listener, TimeSpan left, CancellationToken cancelled)
    {
        try
        {
            return await listener.Wait(left, clock, cancelled);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
