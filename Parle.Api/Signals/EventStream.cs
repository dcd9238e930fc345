using System.Text;

namespace Parle.Api.Signals;

/// <summary>Server-sent events (WHATWG HTML §9.2), written one at a time. A reader that does not take what it is sent is left behind.</summary>
public sealed class EventStream(HttpContext context)
{
    /// <summary>How long a reader may take for one event before the connection is cut. It comes back and goes on from where it was.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends the headers, at once.</summary>
    public async Task Open()
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Asks proxies not to hold events back.
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Sends one event.</summary>
    /// <param name="data">One line of text.</param>
    /// <param name="name">The event's name; null for a plain message.</param>
    /// <param name="id">What a reader that comes back says it has; null for nothing.</param>
    public Task Send(string data, string? name = null, string? id = null) =>
        Write((name is null ? "" : $"event: {name}\n") + (id is null ? "" : $"id: {id}\n") + $"data: {data}\n\n");

    /// <summary>Sends a line that readers ignore, which shows that the connection is alive.</summary>
    public Task KeepAlive() => Write(": keepalive\n\n");

    private async Task Write(string text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), patience.Token);
            await context.Response.Body.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }
}
