namespace Parle.Api.Provisioning;

/// <summary>The parts of this folder.</summary>
public static class ProvisioningParts
{
    /// <summary>Adds provisioning.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddProvisioning(this IServiceCollection services)
    {
        services.AddSingleton<Provisioner>();
    }
}
