using Parle.Api.Callers;
using Parle.Api.Wire;

namespace Parle.Api.Wakeups;

/// <summary>
/// Looks, and looks again with each hint, until there is something to answer, the caller's patience is over, or its time.
/// </summary>
public sealed class LongPoll(Notifier notifier, SessionActivity activity, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>
    /// Returns the last result, even if the caller's access changed meanwhile: check access again before using it. Between two looks
    /// nothing is held, least of all a database connection.
    /// </summary>
    /// <typeparam name="T">What is looked for.</typeparam>
    /// <param name="patience">How long to wait when a look finds nothing; zero for one look.</param>
    /// <param name="caller">Who waits: for no longer than its session and its token live.</param>
    /// <param name="keys">Whose hints to follow, beside those about the caller's standing.</param>
    /// <param name="look">Looks, and says whether it found something.</param>
    /// <param name="hungUp">The caller is gone.</param>
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

    // A service that stops answers its readers with what there is; their cursors find the rest elsewhere or later.
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
