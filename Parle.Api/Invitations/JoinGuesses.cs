using Parle.Api.Bounds;
using Parle.Api.Contract;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Invitations;

/// <summary>
/// Bounds how often one client may present keys that open nothing (<c>Parle:Limits:JoinGuessesPerMinute</c>, 0 for no bound). Each node
/// counts for itself. Successful joins do not count, and a good key is accepted however often others of its network guessed. Beyond the
/// bound a used key is not answered again: whoever holds such a key could otherwise guess the idempotency key of the request that used it.
/// </summary>
public sealed class JoinGuesses(IConfiguration configuration) : IDisposable
{
    /// <summary>Guesses of one client in a minute.</summary>
    public const int DefaultPerMinute = 30;

    private readonly WrongGuesses guesses = new(
        Limits.Of(configuration, "JoinGuessesPerMinute", DefaultPerMinute), "join_guesses_per_minute");

    /// <summary>
    /// Tries to join, in the queue of the client's network where that guessed too often. A key that opens nothing is refused as invalid, or
    /// with the advice to wait.
    /// </summary>
    /// <param name="attempt">The request.</param>
    /// <param name="join">Joins; its argument tells whether a used key is answered again.</param>
    public async Task<IResult> Try(JoinAttempt attempt, Func<bool, Task<IResult>> join)
    {
        var isOver = attempt.IsOver(guesses);
        var (answer, tooMany) = await attempt.Look(
            guesses, () => join(!isOver), answer => answer is RefusalResult { Refusal: var refusal } && refusal == Refusals.InvalidJoinKey);
        return tooMany is null ? answer! : new RefusalResult(tooMany);
    }

    /// <inheritdoc/>
    public void Dispose() => guesses.Dispose();
}
