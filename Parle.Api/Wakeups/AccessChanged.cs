namespace Parle.Api.Wakeups;

/// <summary>
/// An answer after which every open connection of a credential checks its access again. It is sent after the commit, so that no change is
/// announced that did not happen.
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
