namespace Parle.Api.Wakeups;

/// <summary>
/// An answer after which everything that is held open with a credential is checked again. It is given after the commit: nobody is told of
/// a change that did not happen.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="IDs">The sessions and tokens whose access changed.</param>
public sealed record AccessChanged(IResult Answer, params IReadOnlyList<Guid> IDs) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetRequiredService<Notifier>().Announce([.. IDs.Select(id => new Signal(SignalKind.Standing, id))]);
        return Answer.ExecuteAsync(httpContext);
    }
}
