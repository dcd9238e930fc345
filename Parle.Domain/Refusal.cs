namespace Parle.Domain;

/// <summary>A refused caller's next step. Published clients act on exactly these words.</summary>
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

/// <summary>The extent of a refusal. A client that meets another one than <see cref="Request"/> doubts more than one call.</summary>
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

    /// <summary>The capacity of a room or an account.</summary>
    Room,

    /// <summary>Moderation of this row.</summary>
    Moderation,

    /// <summary>The caller's share of the service.</summary>
    RateLimit,

    /// <summary>The service.</summary>
    Server,

    /// <summary>A thing of the caller's account.</summary>
    Account,
}

/// <summary>One code a client can meet, with its meaning, its extent and the next step.</summary>
/// <param name="Code">Stable name on the wire. A code, once served, keeps its meaning.</param>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Action">The caller's next step.</param>
/// <param name="Scope">The extent of the refusal.</param>
/// <param name="Message">A sentence for people; never contains input.</param>
public sealed record Refusal(string Code, int Status, Recovery Action, RefusalScope Scope, string Message)
{
    /// <summary>Whether sending the same bytes again may succeed. Follows from <see cref="Action"/>.</summary>
    public bool Retryable => Action is Recovery.Retry or Recovery.RetryWithBackoff or Recovery.Backoff;

    /// <summary>The wait before the next attempt, in milliseconds (0 or more); absent when waiting does not help.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>The part of the request that is wrong, in words, e.g. <c>since_seq must be 0 or more</c>. Never repeats a secret.</summary>
    public string? Detail { get; init; }

    /// <summary>A machine-readable reason, if several rules share one <see cref="Code"/>, e.g. <c>missing_scope</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>For people: the step that would make the action possible.</summary>
    public string? Unlock { get; init; }

    /// <summary>Actions of the registry that are possible instead; absent where none are named.</summary>
    public IReadOnlyList<string>? Next { get; init; }

    /// <summary>The bound that was reached; null for another reason.</summary>
    public Cap? Cap { get; init; }

    /// <summary>The position from which a reader with an unusable cursor can go on; null for another reason.</summary>
    public long? EarliestAvailableSeq { get; init; }

    /// <summary>With <see cref="EarliestAvailableSeq"/>: the incarnation it belongs to.</summary>
    public string? Generation { get; init; }

    /// <summary>The same refusal, naming the part of this request that caused it.</summary>
    public Refusal Because(string detail) => this with { Detail = detail };
}

/// <summary>A bound on a number or an amount.</summary>
/// <param name="Name">The bound's name, e.g. <c>room_seats</c>.</param>
/// <param name="Used">The present use; null if it is not counted.</param>
/// <param name="Limit">The bound.</param>
/// <param name="Recovery">For people: the step that makes room.</param>
public sealed record Cap(string Name, long? Used, long Limit, string? Recovery = null)
{
    /// <summary>Refuses one more at the bound; null below it.</summary>
    public Refusal? Obstacle() => Used >= Limit ? Refusals.ResourceLimitExceeded with { Cap = this } : null;
}
