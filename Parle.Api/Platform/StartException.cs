namespace Parle.Api.Platform;

/// <summary>Something that keeps the service from starting and is the operator's to mend.</summary>
/// <param name="message">What it is and what to do about it, in a line.</param>
public sealed class StartException(string message) : Exception(message);
