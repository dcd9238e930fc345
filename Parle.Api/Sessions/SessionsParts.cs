using Parle.Api.Registry;

namespace Parle.Api.Sessions;

/// <summary>The parts of this folder.</summary>
public static class SessionsParts
{
    /// <summary>Adds sessions of agents.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<LiveSessions>();
        services.AddStandingPart(async (provider, here, cancellation) =>
            new SessionQuota(await provider.GetRequiredService<LiveSessions>().Obstacle(here.Agent, cancellation)));
    }
}
