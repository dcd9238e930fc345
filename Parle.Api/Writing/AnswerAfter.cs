using Npgsql;
using Wolverine;

namespace Parle.Api.Writing;

/// <summary>
/// An answer that waits, after the commit, until messages that were committed with it are handled: so it is true for the caller's next
/// request everywhere. If that takes too long, the answer is sent, and the stored messages do the rest.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="Messages">The messages. Handling one twice must change nothing: each is stored and handled as well.</param>
public sealed record AnswerAfter(IResult Answer, params IReadOnlyList<object> Messages) : IResult
{
    // A client waits two seconds for the end of its session.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        try
        {
            // Not given up with the request: a message that is half handled would only be handled again.
            await Task.WhenAll(Messages.Select(message => Handle(services, message))).WaitAsync(Patience);
        }
        catch (Exception later) when (later is TimeoutException or NpgsqlException)
        {
            services.GetRequiredService<ILogger<AnswerAfter>>()
                .LogInformation("{Messages} messages of an answer are handled later ({Reason})", Messages.Count, later.Message);
        }
        catch (Exception failure) // The change is committed, so it is answered as done. The stored messages are tried again.
        {
            services.GetRequiredService<ILogger<AnswerAfter>>()
                .LogWarning(failure, "{Messages} messages of an answer failed, and are tried again", Messages.Count);
        }

        await Answer.ExecuteAsync(httpContext);
    }

    // In a scope of its own, because the request may be over before.
    private static async Task Handle(IServiceProvider services, object message)
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message);
    }
}
