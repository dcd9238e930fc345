using Parle.Api.Contract;

namespace Parle.Api.Signals;

/// <summary>
/// A connection that stays open while its caller may have it: until the session ends, expires or is superseded, a token is
/// revoked, the caller hangs up or the service stops. Whether it may is asked as for any request, with each sign that something
/// changed and with each keepalive.
/// </summary>
public abstract class OpenStream : IResult
{
    /// <summary>How often something is sent at least.</summary>
    public static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(25);

    /// <summary>What was asked for.</summary>
    protected abstract ParleAction Action { get; }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
        var caller = RequestContract.Part<Caller>(httpContext);
        using var listener = services.GetRequiredService<Switchboard>().Listen([caller.Session!.SessionID, .. Keys(caller)]);
        var stream = new EventStream(httpContext);
        try
        {
            await stream.Open();
            await Begin(caller, stream, services);
            await Follow(httpContext, listener, stream, services, gone.Token);
        }
        catch (OperationCanceledException)
        {
            // The caller hung up or was too slow, or the service stops: it comes back and goes on from where it was.
        }
    }

    /// <summary>Whose hints the stream follows, beside the session's own.</summary>
    protected abstract IReadOnlyList<Guid> Keys(Caller caller);

    /// <summary>Sends what comes first.</summary>
    protected abstract Task Begin(Caller caller, EventStream stream, IServiceProvider services);

    /// <summary>Sends what follows from what was heard. False: the stream is over.</summary>
    protected abstract Task<bool> Continue(Caller caller, Heard heard, EventStream stream, IServiceProvider services);

    private async Task Follow(HttpContext context, Listener listener, EventStream stream, IServiceProvider services, CancellationToken gone)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var caller = RequestContract.Part<Caller>(context);
        while (true)
        {
            var left = caller.Session!.ExpiresAt - clock.GetUtcNow();
            var hinted = await listener.Wait(left < KeepAliveEvery && left > TimeSpan.Zero ? left : KeepAliveEvery, clock, gone);
            var heard = listener.Take();
            if (!hinted || heard.Any(SignalKind.Session))
            {
                if (await RequestContract.AdmitCaller(context, Action) is not null)
                {
                    return;
                }

                caller = RequestContract.Part<Caller>(context);
                foreach (var key in Keys(caller))
                {
                    listener.AlsoTo(key);
                }
            }

            if (!await Continue(caller, heard, stream, services))
            {
                return;
            }

            if (!hinted)
            {
                await stream.KeepAlive();
            }
        }
    }
}
