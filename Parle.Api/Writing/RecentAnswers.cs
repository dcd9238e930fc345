namespace Parle.Api.Writing;

/// <summary>
/// A cache of the last idempotency records that one writer stored or read. A record never changes, so a hit needs no query; a miss proves
/// nothing.
/// </summary>
/// <remarks>Of a record that depends on content, only its existence is cached; the record itself must be read.</remarks>
/// <param name="capacity">The approximate number of cached records; at most twice as many.</param>
internal sealed class RecentAnswers(int capacity)
{
    private Dictionary<IdempotencyName, IdempotencyRecord> young = [];
    private Dictionary<IdempotencyName, IdempotencyRecord> old = [];

    /// <summary>The cached record; null for a miss.</summary>
    public IdempotencyRecord? Recall(IdempotencyName name) => young.GetValueOrDefault(name) ?? old.GetValueOrDefault(name);

    /// <summary>Clears the cache.</summary>
    public void Clear() => (young, old) = ([], []);

    /// <summary>Caches a committed record. When the newer half is full, the older half is dropped.</summary>
    public void Remember(IdempotencyName name, IdempotencyRecord answer)
    {
        if (young.Count >= capacity)
        {
            (young, old) = ([], young);
        }

        // Caches only that there is one.
        young[name] = answer.MayBeRemembered ? answer : answer with { Fingerprint = [], Salts = null, Answer = "" };
    }
}
