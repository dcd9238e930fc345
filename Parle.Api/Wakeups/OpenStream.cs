using Parle.Api.Callers;
using Parle.Api.Contract;
using Parle.Api.Database;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Wakeups;

/// <summary>The next step of a stream.</summary>
public enum Then
{
    /// <summary>It waits for a notification.</summary>
    Wait,

    /// <summary>It has more to send already.</summary>
    GoOn,

    /// <summary>It is over.</summary>
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
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
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
            await Follow(httpContext, listener, new EventStream(httpContext, gone.Token), services);
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

    /// <summary>Prepares the stream and opens it. From then on the caller relies on it.</summary>
    protected abstract Task Begin(Caller caller, EventStream stream, IServiceProvider services);

    /// <summary>Sends events after notifications. Called once before there is any.</summary>
    protected abstract Task<Then> Continue(Caller caller, Heard heard, EventStream stream, IServiceProvider services);

    private async Task Follow(HttpContext context, Listener listener, EventStream stream, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var caller = RequestContract.Part<Caller>(context);
        listener.AlsoTo(Keys(caller));
        var due = NextLook(caller, clock);
        await Begin(caller, stream, services);
        for (var then = Then.GoOn; then is not Then.Close;)
        {
            if (then is Then.Wait)
            {
                await listener.Wait(due - clock.GetUtcNow(), clock, stream.Gone);
            }

            var heard = listener.Take();
            var isDue = clock.GetUtcNow() >= due;
            if (isDue || heard.Any(SignalKind.Standing))
            {
                if (await RequestContract.AdmitCaller(context, Action) is not null)
                {
                    return;
                }

                caller = RequestContract.Part<Caller>(context);
                // Notifications of a new key may have come before it was known.
                heard = listener.AlsoTo(Keys(caller)) ? heard with { Incomplete = true } : heard;
            }

            then = await Continue(caller, heard, stream, services);
            if (isDue)
            {
                await stream.KeepAlive();
                due = NextLook(caller, clock);
            }
        }
    }

    private static DateTimeOffset NextLook(Caller caller, TimeProvider clock) =>
        clock.GetUtcNow() + KeepAliveEvery is var next && next < caller.HoldsUntil ? next : caller.HoldsUntil;
}
