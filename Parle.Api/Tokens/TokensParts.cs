using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;

namespace Parle.Api.Tokens;

/// <summary>The parts of this folder.</summary>
public static class TokensParts
{
    /// <summary>Adds agents' tokens.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddTokens(this IServiceCollection services)
    {
        services.AddStandingPart((provider, here, cancellation) => TokenOffers.Find(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<TokenQuota>(), here, cancellation));
    }
}
