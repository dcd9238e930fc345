namespace Parle.Api.Record.Verification;

/// <summary>The first fault that a verification found.</summary>
/// <param name="Fact">The place of the first bad fact in the record or the view; null when no fact is bad.</param>
/// <param name="What">The fault, in a sentence.</param>
public sealed record Fault(long? Fact, string What)
{
    /// <inheritdoc/>
    public override string ToString() => Fact is { } fact ? $"fact {fact}: {What}" : What;
}
