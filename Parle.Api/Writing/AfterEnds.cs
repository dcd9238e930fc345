using Npgsql;

namespace Parle.Api.Writing;

/// <summary>
/// An answer that waits, once everything is committed, until what follows from it elsewhere is done too. Should that take too
/// long, it is done by the message that was committed with it.
/// </summary>
/// <param name="Answer">What to answer.</param>
/// <param name="Follow">Does it; doing it twice changes nothing.</param>
public sealed record AfterEnds(IResult Answer, Func<IServiceProvider, Task> Follow) : IResult
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await Follow(httpContext.RequestServices).WaitAsync(Patience);
        }
        catch (Exception later) when (later is TimeoutException or NpgsqlException)
        {
            httpContext.RequestServices.GetRequiredService<ILogger<AfterEnds>>()
                .LogInformation("What follows from an end is done later ({Reason})", later.Message);
        }

        await Answer.ExecuteAsync(httpContext);
    }
}
