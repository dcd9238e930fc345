namespace Parle.Api.Platform;

/// <summary>An error at the start of the service that the operator can correct.</summary>
/// <param name="message">The error and its correction, in one line.</param>
public sealed class StartException(string message) : Exception(message);
