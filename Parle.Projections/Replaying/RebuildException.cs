namespace Parle.Projections.Replaying;

/// <summary>Views could not be compared or put right; the message says why.</summary>
public sealed class RebuildException(string message) : Exception(message);
