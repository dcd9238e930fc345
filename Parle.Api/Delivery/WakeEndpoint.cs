using System.Buffers.Binary;
using System.Security.Cryptography;
using Parle.Api.Contract;
using Parle.Api.Signals;

namespace Parle.Api.Delivery;

/// <summary>Tells a session, by server-sent events, in which of its rooms new work waits. Hints only: the work itself is drained.</summary>
public static class WakeEndpoint
{
    /// <summary>Opens the stream. An older one of the same session closes.</summary>
    [Serves(nameof(Actions.Wake))]
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

/// <summary>The stream of one session.</summary>
/// <param name="id">Which stream; the greater one is the newer one.</param>
public sealed class WakeStream(Guid id) : OpenStream
{
    /// <summary>The frame that comes first: how a client helps itself when hints fail.</summary>
    public static string Config { get; } = $$"""{"fallback_ms":120000,"fallback_jitter_ms":30000,"reconnect_jitter_ms":30000,"keepalive_ms":{{(int)KeepAliveEvery.TotalMilliseconds}}}""";

    /// <inheritdoc/>
    protected override ParleAction Action => Actions.Wake;

    /// <inheritdoc/>
    protected override IReadOnlyList<Guid> Keys(Caller caller) => caller.WorkKeys;

    /// <inheritdoc/>
    protected override Task Begin(Caller caller, EventStream stream, IServiceProvider services)
    {
        services.GetRequiredService<Switchboard>().Announce(new Signal(SignalKind.Stream, caller.Session!.SessionID, id));
        return stream.Send(Config, "config");
    }

    /// <inheritdoc/>
    protected override async Task<bool> Continue(Caller caller, Heard heard, EventStream stream, IServiceProvider services)
    {
        if (heard.Signals.Any(signal => signal.Kind is SignalKind.Stream && signal.About.CompareTo(id) > 0))
        {
            return false;
        }

        if (heard.Any(SignalKind.Session))
        {
            await stream.Send("{}", "wake"); // A hint that names no room: with an alias comes the work that waits for it, anywhere.
            return true;
        }

        foreach (var roomID in heard.Signals.Where(signal => signal.Kind is SignalKind.Work).Select(signal => signal.About).Distinct())
        {
            await stream.Send($$"""{"room_id":"{{roomID}}"}""", "wake");
        }

        return true;
    }
}
