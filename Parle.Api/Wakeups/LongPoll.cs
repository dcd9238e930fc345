using Parle.Api.Callers;
using Parle.Api.Wire;

namespace Parle.Api.Wakeups;

/// <summary>A waiting read: runs a query, and again with each notification, until it has a result or the wait is over.</summary>
public sealed class LongPoll(Notifier notifier, SessionActivity activity, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>
    /// Returns the last result, even if the caller's access changed meanwhile: check access again before using it. Between two looks
    /// nothing is held, least of all a database connection.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="patience">The time to wait for a result; zero for one query.</param>
    /// <param name="caller">The caller. It waits for no longer than its session and its token live.</param>
    /// <param name="keys">The keys to listen for, beside those about the caller's access.</param>
    /// <param name="look">Runs the query, and tells whether it has a result.</param>
    /// <param name="hungUp">Cancelled when the caller hung up.</param>
    public async Task<T> Until<T>(
        TimeSpan patience, Caller caller, IReadOnlyList<Guid> keys, Func<Task<(T Found, bool Enough)>> look, CancellationToken hungUp)
    {
        patience = HeadRequests.ShowsNothing ? TimeSpan.Zero : patience;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(hungUp, lifetime.ApplicationStopping);
        using var listener = patience > TimeSpan.Zero ? notifier.Listen([.. keys, .. caller.StandingKeys]) : null;
        var deadline = clock.GetUtcNow() + patience is var end && end < caller.HoldsUntil ? end : caller.HoldsUntil;
        IDisposable? held = null;
        try
        {
            while (true)
            {
                var (found, enough) = await look();
                var left = deadline - clock.GetUtcNow();
                if (enough || left <= TimeSpan.Zero)
                {
                    return found;
                }

                held ??= await activity.Hold(caller.Session!.SessionID, gone.Token);
                if (!await Hinted(listener!, left, gone.Token) || listener!.Take().Any(SignalKind.Standing))
                {
                    return found;
                }
            }
        }
        finally
        {
            held?.Dispose();
        }
    }

    // A stopping service answers its waiting readers with what it has; with their cursors they go on elsewhere or later.
    private async Task<bool> Hinted(Listener listener, TimeSpan left, CancellationToken gone)
    {
        try
        {
            return await listener.Wait(left, clock, gone);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
