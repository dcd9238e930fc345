using System.Buffers.Binary;
using System.Security.Cryptography;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wakeups;

namespace Parle.Api.Delivery;

/// <summary>
/// Tells a session, by server-sent events, which of its rooms have new work. These are notifications only: the inbox holds the work.
/// </summary>
public static class WakeEndpoint
{
    /// <summary>Opens the stream. An older one of the same session closes.</summary>
    [Serves(typeof(DeliveryActions), nameof(DeliveryActions.Wake))]
    public static IResult Open(Caller caller, TimeProvider clock) => new WakeStream(StreamID(clock.GetUtcNow()));

    // Ordered by the moment of opening, so that of two streams both know which one stays.
    private static Guid StreamID(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.UtcTicks);
        RandomNumberGenerator.Fill(id[8..]);
        return new(id, bigEndian: true);
    }
}

/// <summary>The wake stream of one session.</summary>
/// <param name="id">The stream's id. A greater id is a newer stream.</param>
public sealed class WakeStream(Guid id) : OpenStream
{
    /// <summary>The first frame: tells a client how to go on without notifications.</summary>
    public static string Config { get; } =
        $$"""{"fallback_ms":120000,"fallback_jitter_ms":30000,"reconnect_jitter_ms":30000,"keepalive_ms":{{(int)KeepAliveEvery.TotalMilliseconds}}}""";

    /// <inheritdoc/>
    protected override ParleAction Action => DeliveryActions.Wake;

    /// <inheritdoc/>
    protected override IReadOnlyList<Guid> Keys(Caller caller) => caller.WorkKeys;

    /// <inheritdoc/>
    protected override async Task Begin(Caller caller, EventStream stream, IServiceProvider services)
    {
        await stream.Open();
        Announce(caller, services);
        await stream.Send(Config, "config");
    }

    /// <inheritdoc/>
    protected override async Task<StreamStep> Continue(
        Caller caller, ReceivedSignals received, EventStream stream, IServiceProvider services)
    {
        var others = received.Signals.Where(signal => signal.Kind is SignalKind.Stream).Select(signal => signal.About.CompareTo(id))
            .ToList();
        if (others.Exists(newer => newer > 0))
        {
            return StreamStep.Close;
        }

        // A stream that may have missed a signal announces itself again; the stream that stays answers.
        if (received.Incomplete || others.Exists(older => older < 0))
        {
            Announce(caller, services);
        }

        if (received.Any(SignalKind.Standing))
        {
            await stream.Send("{}", "wake"); // A notification that names no room: with an alias comes the work that waits for it, anywhere.
            return StreamStep.Wait;
        }

        foreach (var roomID in received.Signals.Where(signal => signal.Kind is SignalKind.Work).Select(signal => signal.About).Distinct())
        {
            await stream.Send($$"""{"room_id":"{{roomID}}"}""", "wake");
        }

        return StreamStep.Wait;
    }

    private void Announce(Caller caller, IServiceProvider services) =>
        services.GetRequiredService<Notifier>().Announce(new Signal(SignalKind.Stream, caller.Session!.SessionID, id));
}
