namespace Parle.Api.Wakeups;

/// <summary>
/// An answer with notifications of the change. It is given after the commit, so nobody is notified of a change that did not happen.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="Signals">The notifications.</param>
public sealed record Announcing(IResult Answer, params IReadOnlyList<Signal> Signals) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetRequiredService<Notifier>().Announce([.. Signals]);
        return Answer.ExecuteAsync(httpContext);
    }
}
