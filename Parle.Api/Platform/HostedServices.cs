namespace Parle.Api.Platform;

/// <summary>Background services.</summary>
public static class HostedServices
{
    /// <summary>Adds a background service that other parts can ask for.</summary>
    /// <typeparam name="T">The service.</typeparam>
    /// <param name="services">The service's parts.</param>
    public static void AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
