namespace Parle.Projections.Replaying;

/// <summary>Views could not be compared or replaced; the message gives the reason.</summary>
public sealed class RebuildException(string message) : Exception(message);
