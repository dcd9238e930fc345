using System.Text;

namespace Parle.Api.Wakeups;

/// <summary>
/// Server-sent events (WHATWG HTML §9.2), written one at a time. A reader that does not take what it is sent is left behind.
/// </summary>
/// <param name="context">The request that is answered by events.</param>
/// <param name="gone">The reader hung up, or is to be sent away.</param>
public sealed class EventStream(HttpContext context, CancellationToken gone)
{
    /// <summary>The media type of events.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>
    /// How long a reader may take for one event before the connection is cut. It comes back and goes on from where it was.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Nothing more is to be sent.</summary>
    public CancellationToken Gone => gone;

    /// <summary>Sends the headers, at once.</summary>
    public async Task Open()
    {
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Asks proxies not to hold events back.
        await context.Response.StartAsync(gone);
        await context.Response.Body.FlushAsync(gone);
    }

    /// <summary>Sends one event.</summary>
    /// <param name="data">One line of text.</param>
    /// <param name="name">The event's name; null for a plain message.</param>
    /// <param name="id">What a reader that comes back says it has; null for nothing.</param>
    public Task Send(string data, string? name = null, string? id = null) =>
        Write((name is null ? "" : $"event: {name}\n") + (id is null ? "" : $"id: {id}\n") + $"data: {data}\n\n");

    /// <summary>Sends a row.</summary>
    /// <param name="row">One line of JSON, in UTF-8.</param>
    /// <param name="seq">Its place, which a reader that comes back says it has.</param>
    public Task Send(ReadOnlyMemory<byte> row, long seq) =>
        Write([.. Encoding.UTF8.GetBytes($"id: {seq}\ndata: "), .. row.Span, .. "\n\n"u8]);

    /// <summary>Sends a line that readers ignore, which shows that the connection is alive.</summary>
    public Task KeepAlive() => Write(": keepalive\n\n");

    private Task Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private async Task Write(byte[] text)
    {
        gone.ThrowIfCancellationRequested();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
        patience.CancelAfter(Patience);
        try
        {
            await context.Response.Body.WriteAsync(text, patience.Token);
            await context.Response.Body.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort(); // Half an event may be on its way: nothing can follow it.
            throw;
        }
    }
}
