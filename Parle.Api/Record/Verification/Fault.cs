namespace Parle.Api.Record.Verification;

/// <summary>The first fault that a verification found.</summary>
/// <param name="Fact">The first fact that is bad, by its place in the record or the view; null when it is no fact that is bad.</param>
/// <param name="What">The fault, in a sentence.</param>
public sealed record Fault(long? Fact, string What)
{
    /// <inheritdoc/>
    public override string ToString() => Fact is { } fact ? $"fact {fact}: {What}" : What;
}
