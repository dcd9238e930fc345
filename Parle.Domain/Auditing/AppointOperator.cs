namespace Parle.Domain.Auditing;

/// <summary>Lets somebody run the service, for a time.</summary>
/// <param name="Label">What it is called: the grammar of handles, so that it is no peer's words.</param>
/// <param name="ExpiresAt">Until when; null for <see cref="Life"/> from now.</param>
/// <param name="Within">Until when the one may run it who appoints; null for no bound.</param>
public sealed record AppointOperator(string Label, DateTimeOffset? ExpiresAt = null, DateTimeOffset? Within = null)
{
    /// <summary>How long an operator is one unless something else is said.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long an operator is one at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Decides. Nobody appoints an operator for longer than itself.</summary>
    public Decision Decide(DateTimeOffset now) =>
        Names.Handle.Obstacle(Label) is { } refusal ? refusal
        : ExpiresAt <= now || ExpiresAt > now + Longest ? Refusals.ValidationFailed.Because(
            $"An operator's end lies in the future, and no more than {Longest.TotalDays} days away.")
        : ExpiresAt > Within ? Refusals.ValidationFailed.Because("An operator's end is no later than that of the operator who appoints it.")
        : Decision.Record(new OperatorAppointed(Label, ExpiresAt ?? (now + Life > Within ? Within : now + Life)));
}
