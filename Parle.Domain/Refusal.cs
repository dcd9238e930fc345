namespace Parle.Domain;

/// <summary>What a refused caller should do next; a published client acts on exactly these words.</summary>
public enum Recovery
{
    /// <summary>Send the same request again, soon.</summary>
    Retry,

    /// <summary>Send it again, waiting longer each time.</summary>
    RetryWithBackoff,

    /// <summary>Send less; wait as long as <c>retry_after_ms</c> says.</summary>
    Backoff,

    /// <summary>Start a new session, enter the room again, then repeat the request.</summary>
    Rebootstrap,

    /// <summary>Get a valid token first.</summary>
    Reauthorize,

    /// <summary>The request itself is wrong: change it.</summary>
    FixClient,

    /// <summary>Nothing the caller can send will change the answer.</summary>
    Stop,
}

/// <summary>How far a refusal reaches. Anything but <see cref="Request"/> makes a client doubt more than one call.</summary>
public enum RefusalScope
{
    /// <summary>This one request.</summary>
    Request,

    /// <summary>Everything sent with this agent token.</summary>
    AgentToken,

    /// <summary>Everything sent in this session.</summary>
    AgentSession,

    /// <summary>This room.</summary>
    RoomAccess,

    /// <summary>What a room or an account can hold.</summary>
    Room,

    /// <summary>Moderation of this row.</summary>
    Moderation,

    /// <summary>The caller's share of the service.</summary>
    RateLimit,

    /// <summary>The service.</summary>
    Server,

    /// <summary>Something of the caller's account.</summary>
    Account,
}

/// <summary>One code a client can meet: what it is, how far it reaches and what to do about it.</summary>
/// <param name="Code">Stable name on the wire. A code, once served, keeps its meaning.</param>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Action">What to do next.</param>
/// <param name="Scope">How far the refusal reaches.</param>
/// <param name="Message">A sentence for people; never contains input.</param>
public sealed record Refusal(string Code, int Status, Recovery Action, RefusalScope Scope, string Message)
{
    /// <summary>Whether sending the same bytes again may succeed. Follows from <see cref="Action"/>.</summary>
    public bool Retryable => Action is Recovery.Retry or Recovery.RetryWithBackoff or Recovery.Backoff;

    /// <summary>How long to wait, in milliseconds (0 or more), before the next attempt; absent when waiting does not help.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>Which part of the request is meant, in words, e.g. <c>since_seq must be 0 or more</c>. Never repeats a secret.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// Machine reason, when <see cref="Code"/> alone does not say which rule stood in the way, e.g. <c>missing_scope</c>.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>What would make the action possible, for people.</summary>
    public string? Unlock { get; init; }

    /// <summary>Actions of the registry that are possible instead; absent where that is not said.</summary>
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>The bound that is reached; null where none is.</summary>
    public Cap? Cap { get; init; }

    /// <summary>From where a reader can go on whose cursor is of no use any more; null where that is not the matter.</summary>
    public long? EarliestAvailableSeq { get; init; }

    /// <summary>With <see cref="EarliestAvailableSeq"/>: the incarnation in which it can.</summary>
    public string? Generation { get; init; }

    /// <summary>The same refusal, naming the part of this request that caused it.</summary>
    public Refusal Because(string detail) => this with { Detail = detail };
}

/// <summary>A bound on how much there can be of something.</summary>
/// <param name="Name">Which bound, e.g. <c>room_seats</c>.</param>
/// <param name="Used">How much there is; null where that is not counted.</param>
/// <param name="Limit">How much there can be.</param>
/// <param name="Recovery">How to make room, for people.</param>
public sealed record Cap(string Name, long? Used, long Limit, string? Recovery = null)
{
    /// <summary>Refuses one more; null while there is room.</summary>
    public Refusal? Obstacle() => Used >= Limit ? Refusals.ResourceLimitExceeded with { Cap = this } : null;
}
