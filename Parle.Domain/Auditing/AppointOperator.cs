namespace Parle.Domain.Auditing;

/// <summary>Appoints an operator, who may run the service for a time.</summary>
/// <param name="Label">The operator's label, in the grammar of handles, so that it is no peer's text.</param>
/// <param name="ExpiresAt">The end of the appointment; null for <see cref="Life"/> from now.</param>
/// <param name="Within">The end of the appointing operator's own appointment; null for no bound.</param>
public sealed record AppointOperator(string Label, DateTimeOffset? ExpiresAt = null, DateTimeOffset? Within = null)
{
    /// <summary>The default length of an appointment.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The longest appointment.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Decides. No operator appoints another one for longer than itself.</summary>
    public Decision Decide(DateTimeOffset now) =>
        Names.Handle.Obstacle(Label) is { } refusal ? refusal
        : ExpiresAt <= now || ExpiresAt > now + Longest ? Refusals.ValidationFailed.Because(
            $"An operator's end lies in the future, and no more than {Longest.TotalDays} days away.")
        : ExpiresAt > Within ? Refusals.ValidationFailed.Because(
            "An operator's appointment cannot end later than that of the operator that appoints it.")
        : Decision.Record(new OperatorAppointed(Label, ExpiresAt ?? (now + Life > Within ? Within : now + Life)));
}
