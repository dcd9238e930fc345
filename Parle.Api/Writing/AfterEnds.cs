using Npgsql;

namespace Parle.Api.Writing;

/// <summary>
/// An answer that waits, after the commit, until its consequences elsewhere are done. If that takes too long, the durable message that was
/// committed with it does them later.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="Follow">Does the consequences; doing them twice changes nothing.</param>
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
