using Parle.Api.Bounds;
using Parle.Api.Platform;

namespace Parle.Api.Contract;

/// <summary>The parts of this folder.</summary>
public static class ContractParts
{
    /// <summary>Adds what every request passes.</summary>
    /// <param name="services">The service's parts.</param>
    /// <param name="configuration">The settings.</param>
    public static void AddContract(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<DefaultHttpContextFactory>();
        services.AddSingleton<IHttpContextFactory, SecretInUrl>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<HeldRequests>();
        services.AddSingleton<Uploads>();
        services.AddSingleton<WrongCredentials>();
        services.AddSingleton(Limits.OfRooms(configuration));
        services.AddSingleton(Limits.OfStorage(configuration));
        services.AddHosted<DailyUse>();
    }
}
