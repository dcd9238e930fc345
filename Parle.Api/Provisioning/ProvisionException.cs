namespace Parle.Api.Provisioning;

/// <summary>Something cannot be as described.</summary>
public sealed class ProvisionException(string message) : Exception(message);
