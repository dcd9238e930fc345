using System.Text;

namespace Parle.Api.Wakeups;

/// <summary>Server-sent events (WHATWG HTML §9.2), written one at a time. A reader that does not keep up is disconnected.</summary>
/// <param name="context">The request that is answered by events.</param>
/// <param name="cancellation">Cancelled when the reader hung up or is to be disconnected.</param>
public sealed class EventStream(HttpContext context, CancellationToken cancellation)
{
    /// <summary>The media type of events.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>The time a reader has for one event before it is disconnected. It can reconnect and resume at its position.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Cancelled when nothing more can be sent.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Sends the headers immediately.</summary>
    public async Task Open()
    {
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Asks proxies not to buffer events.
        await context.Response.StartAsync(cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }

    /// <summary>Sends one event.</summary>
    /// <param name="data">One line of text.</param>
    /// <param name="name">The event's name; null for a plain message.</param>
    /// <param name="id">The id that a reader sends when it reconnects; null for none.</param>
    public Task Send(string data, string? name = null, string? id = null) =>
        Write((name is null ? "" : $"event: {name}\n") + (id is null ? "" : $"id: {id}\n") + $"data: {data}\n\n");

    /// <summary>Sends a row.</summary>
    /// <param name="row">One line of JSON, in UTF-8.</param>
    /// <param name="seq">Its position, which a reader sends when it reconnects.</param>
    public Task Send(ReadOnlyMemory<byte> row, long seq) =>
        Write([.. Encoding.UTF8.GetBytes($"id: {seq}\ndata: "), .. row.Span, .. "\n\n"u8]);

    /// <summary>Sends a line that readers ignore, to keep the connection alive.</summary>
    public Task KeepAlive() => Write(": keepalive\n\n");

    private Task Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private async Task Write(byte[] text)
    {
        cancellation.ThrowIfCancellationRequested();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(SendTimeout);
        try
        {
            await context.Response.Body.WriteAsync(text, timeout.Token);
            await context.Response.Body.FlushAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort(); // Half an event may be sent already, so nothing can follow it.
            throw;
        }
    }
}
