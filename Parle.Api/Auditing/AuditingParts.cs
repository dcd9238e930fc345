using Npgsql;
using Parle.Api.Registry;
using Parle.Projections.Auditing;

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
        services.AddStandingPartOfAll(async (provider, here, cancellation) => here.Actor.AgentID is null && here.Member.Owns(here.Room)
            ? await RoomAuditors.Of(provider.GetRequiredService<NpgsqlDataSource>(), here.RoomID, cancellation) : RoomAuditors.None);
    }
}
