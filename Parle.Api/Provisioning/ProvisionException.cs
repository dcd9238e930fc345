namespace Parle.Api.Provisioning;

/// <summary>A description cannot be fulfilled.</summary>
public sealed class ProvisionException(string message) : Exception(message);
