using Npgsql;
using Parle.Api.Registry;

namespace Parle.Api.Auditing;

/// <summary>The parts of this folder.</summary>
public static class AuditingParts
{
    /// <summary>Adds auditors and operators of the record.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddAuditing(this IServiceCollection services)
    {
        services.AddSingleton<OperatorEnds>();
        services.AddSingleton<AuditLog>();
        services.AddStandingPartOfAll((provider, here, cancellation) =>
            RoomAuditors.Find(provider.GetRequiredService<NpgsqlDataSource>(), here, cancellation));
    }
}
