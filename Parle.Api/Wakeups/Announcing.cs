namespace Parle.Api.Wakeups;

/// <summary>
/// An answer that tells those who wait what changed. It is given after the commit: nobody is told of what did not happen.
/// </summary>
/// <param name="Answer">What to answer.</param>
/// <param name="Signals">What changed.</param>
public sealed record Announcing(IResult Answer, params IReadOnlyList<Signal> Signals) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetRequiredService<Notifier>().Announce([.. Signals]);
        return Answer.ExecuteAsync(httpContext);
    }
}
