namespace Parle.Api.Platform;

/// <summary>Parts of the service that run beside requests.</summary>
public static class HostedServices
{
    /// <summary>Adds a part that others ask for too, and that runs from the start of the service to its end.</summary>
    /// <typeparam name="T">The part.</typeparam>
    /// <param name="services">The service's parts.</param>
    public static void AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
