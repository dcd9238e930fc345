namespace Parle.Api.Writing;

/// <summary>
/// The answers that one writer kept or looked up last. An answer is never changed, so one that is remembered needs no look; that one is
/// not remembered proves nothing.
/// </summary>
/// <remarks>Of one that stands and falls with words, only that it is there: it has to be looked up.</remarks>
/// <param name="capacity">About how many are remembered; at most twice as many.</param>
internal sealed class RecentAnswers(int capacity)
{
    private Dictionary<IdempotencyName, IdempotencyRecord> young = [];
    private Dictionary<IdempotencyName, IdempotencyRecord> old = [];

    /// <summary>The answer, if it is remembered.</summary>
    public IdempotencyRecord? Recall(IdempotencyName name) => young.GetValueOrDefault(name) ?? old.GetValueOrDefault(name);

    /// <summary>Forgets all answers.</summary>
    public void Clear() => (young, old) = ([], []);

    /// <summary>Remembers an answer that is durable. The older half is forgotten when the younger one is full.</summary>
    public void Remember(IdempotencyName name, IdempotencyRecord answer)
    {
        if (young.Count >= capacity)
        {
            (young, old) = ([], young);
        }

        // Only that there is one.
        young[name] = answer.MayBeRemembered ? answer : answer with { Fingerprint = [], Salts = null, Answer = "" };
    }
}
