using Parle.Api.Bounds;
using Parle.Api.Contract;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Invitations;

/// <summary>
/// How often one client may present keys that open nothing (<c>Parle:Limits:JoinGuessesPerMinute</c>, 0 for no bound). On this node alone;
/// who joins is never held up by its own success, nor a key that is good by what others of its network guessed. Beyond the bound a key that
/// was used before is not answered again: with it alone, the name of the request that used it is what could be guessed.
/// </summary>
public sealed class JoinGuesses(IConfiguration configuration) : IDisposable
{
    /// <summary>Guesses of one client in a minute.</summary>
    public const int DefaultPerMinute = 30;

    private readonly WrongGuesses guesses = new(
        Limits.Of(configuration, "JoinGuessesPerMinute", DefaultPerMinute), "join_guesses_per_minute");

    /// <summary>
    /// Joins, in the queue of this client's network where it guessed too often. What is told where a key opens nothing: that, or to wait.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="join">Joins; told whether a key that was used before is answered too.</param>
    public async Task<IResult> Try(HttpContext context, Func<bool, Task<IResult>> join)
    {
        var isOver = guesses.IsOver(context);
        var (answer, tooMany) = await guesses.Look(
            context, () => join(!isOver), answer => answer is RefusalResult { Refusal: var refusal } && refusal == Refusals.InvalidJoinKey);
        return tooMany is null ? answer! : new RefusalResult(tooMany);
    }

    /// <inheritdoc/>
    public void Dispose() => guesses.Dispose();
}
