using Npgsql;
using Parle.Api.Accounts;
using Parle.Api.Registry;
using Parle.Api.Writing;

namespace Parle.Api.Rooms;

/// <summary>The parts of this folder.</summary>
public static class RoomsParts
{
    /// <summary>Adds rooms and their seats.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddRooms(this IServiceCollection services)
    {
        services.AddSingleton<NextActs>();
        services.AddSingleton<FollowUpRule>(RoomEnds.Of);
        services.AddStandingPartOfAll((provider, here, cancellation) =>
            RoomManagement.Find(provider.GetRequiredService<NpgsqlDataSource>(), here, cancellation));
        services.AddStandingPart(async (provider, here, cancellation) => new RoomQuota(await CreateRoomEndpoint.Obstacle(
            provider.GetRequiredService<NpgsqlDataSource>(), here.Agent, provider.GetRequiredService<AccountLimits>(), cancellation)));
    }
}
