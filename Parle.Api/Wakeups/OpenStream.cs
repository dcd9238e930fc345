using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Wakeups;

/// <summary>The next step of a stream.</summary>
public enum StreamStep
{
    /// <summary>Waits for a notification.</summary>
    Wait,

    /// <summary>Goes on at once, because there is more to send.</summary>
    Continue,

    /// <summary>Ends the stream.</summary>
    Close,
}

/// <summary>
/// A connection that stays open as long as its caller has access: until its session ends, expires or is superseded, a token of its chain
/// expires or is revoked, the seat ends, the caller hangs up or the service stops. Access is checked like any request's, with each
/// notification of a change and with each keepalive. Keepalives are sent however busy the stream is.
/// </summary>
public abstract class OpenStream : IResult
{
    /// <summary>The longest time without an event or a keepalive.</summary>
    public static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(25);

    /// <summary>The requested action.</summary>
    protected abstract ParleAction Action { get; }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (HeadRequests.IsOne(httpContext))
        {
            httpContext.Response.ContentType = EventStream.MediaType;
            return;
        }

        var services = httpContext.RequestServices;
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
        using var listener = services.GetRequiredService<Notifier>().Listen(RequestContract.Part<Caller>(httpContext).StandingKeys);

        // Checked once more, because a change to the session before the stream listened was missed.
        if (await RequestContract.AdmitCaller(httpContext, Action) is { } refusal)
        {
            await ErrorEnvelope.Write(httpContext, refusal);
            return;
        }

        using var held = await services.GetRequiredService<SessionActivity>()
            .Hold(RequestContract.Part<Caller>(httpContext).Session!.SessionID, httpContext.RequestAborted);
        try
        {
            await Run(httpContext, listener, new EventStream(httpContext, cancelled.Token), services);
        }
        catch (OperationCanceledException)
        {
            // The caller hung up or was too slow, or the service stops. It reconnects and goes on from its position.
        }
        catch (Exception outage) when (Outage.Is(outage) && httpContext.Response.HasStarted)
        {
            services.GetRequiredService<ILogger<OpenStream>>()
                .LogInformation("A stream of {Action} ends, since the database is away ({Reason})", Action.Id, outage.Message);
        }
    }

    /// <summary>The keys to listen for, beside those about the caller's access.</summary>
    protected abstract IReadOnlyList<Guid> Keys(Caller caller);

    /// <summary>Prepares the stream and sends its headers. From then on the caller relies on notifications.</summary>
    protected abstract Task Begin(Caller caller, EventStream stream, IServiceProvider services);

    /// <summary>Sends events after notifications. The first call comes before any notification.</summary>
    protected abstract Task<StreamStep> Continue(Caller caller, ReceivedSignals received, EventStream stream, IServiceProvider services);

    private async Task Run(HttpContext context, Listener listener, EventStream stream, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var caller = RequestContract.Part<Caller>(context);
        listener.Subscribe(Keys(caller));
        var due = NextCheck(caller, clock);
        await Begin(caller, stream, services);
        for (var step = StreamStep.Continue; step is not StreamStep.Close;)
        {
            if (step is StreamStep.Wait)
            {
                await listener.Wait(due - clock.GetUtcNow(), clock, stream.Cancellation);
            }

            var received = listener.Take();
            var isDue = clock.GetUtcNow() >= due;
            if (isDue || received.Any(SignalKind.Standing))
            {
                if (await RequestContract.AdmitCaller(context, Action) is not null)
                {
                    return;
                }

                caller = RequestContract.Part<Caller>(context);
                // Notifications of a new key may have come before the subscription.
                received = listener.Subscribe(Keys(caller)) ? received with { Incomplete = true } : received;
            }

            step = await Continue(caller, received, stream, services);
            if (isDue)
            {
                await stream.KeepAlive();
                due = NextCheck(caller, clock);
            }
        }
    }

    private static DateTimeOffset NextCheck(Caller caller, TimeProvider clock) =>
        clock.GetUtcNow() + KeepAliveEvery is var next && next < caller.HoldsUntil ? next : caller.HoldsUntil;
}
