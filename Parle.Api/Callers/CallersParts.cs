using Parle.Api.Platform;

namespace Parle.Api.Callers;

/// <summary>The parts of this folder.</summary>
public static class CallersParts
{
    /// <summary>Adds the look-up of callers.</summary>
    /// <param name="services">The service's parts.</param>
    /// <param name="configuration">The settings.</param>
    public static void AddCallers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<MintedSecrets>();
        services.AddSingleton<PersonLookup>();
        services.AddSingleton<AuditLookup>();
        services.AddSingleton(OidcSettings.Read(configuration));
        services.AddSingleton<OidcLookup>();
        services.AddSingleton<TokenQuota>();
        services.AddHosted<CallerLookup>();
        services.AddHosted<SessionActivity>();
        services.AddHosted<TokenActivity>();
    }
}
