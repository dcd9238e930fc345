using Npgsql;
using Parle.Api.Registry;

namespace Parle.Api.Aliases;

/// <summary>The parts of this folder.</summary>
public static class AliasesParts
{
    /// <summary>Adds aliases.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddAliases(this IServiceCollection services)
    {
        services.AddSingleton<AliasLookup>();
        services.AddStandingPart((provider, here, cancellation) =>
            AliasOffers.Find(provider.GetRequiredService<NpgsqlDataSource>(), here, cancellation));
    }
}
