namespace Parle.Api.Record.Verification;

/// <summary>What is wrong with what was verified: the first thing found.</summary>
/// <param name="Fact">The first fact that is bad, by its place in the record or the view; null when it is no fact that is bad.</param>
/// <param name="What">What is wrong, in a sentence.</param>
public sealed record Fault(long? Fact, string What)
{
    /// <inheritdoc/>
    public override string ToString() => Fact is { } fact ? $"fact {fact}: {What}" : What;
}
