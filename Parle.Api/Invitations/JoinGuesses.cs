using Parle.Api.Bounds;
using Parle.Api.Contract;
using Parle.Api.Wire;
using Parle.Domain;

namespace Parle.Api.Invitations;

/// <summary>
/// The limit on invalid join keys from one client (<c>Parle:Limits:JoinGuessesPerMinute</c>, 0 for none). Each node counts for itself.
/// Successful joins do not count, and a valid key is accepted however often others of its network guessed. Beyond the limit a used key is
/// not answered again: otherwise its holder could guess the idempotency key of the request that used it.
/// </summary>
public sealed class JoinGuesses(IConfiguration configuration) : IDisposable
{
    /// <summary>Guesses of one client in a minute.</summary>
    public const int DefaultPerMinute = 30;

    private readonly WrongGuesses guesses = new(
        Limits.Of(configuration, "JoinGuessesPerMinute", DefaultPerMinute), "join_guesses_per_minute");

    /// <summary>
    /// Tries to join; beyond the limit in the queue of the client's network. An invalid key is refused as such, or with the time to wait.
    /// </summary>
    /// <param name="attempt">The request.</param>
    /// <param name="join">Joins; its argument tells whether a used key is answered again.</param>
    public async Task<IResult> Try(JoinAttempt attempt, Func<bool, Task<IResult>> join)
    {
        var isOver = attempt.IsOver(guesses);
        var (answer, tooMany) = await attempt.LookUp(
            guesses, () => join(!isOver), answer => answer is RefusalResult { Refusal: var refusal } && refusal == Refusals.InvalidJoinKey);
        return tooMany is null ? answer! : new RefusalResult(tooMany);
    }

    /// <inheritdoc/>
    public void Dispose() => guesses.Dispose();
}
