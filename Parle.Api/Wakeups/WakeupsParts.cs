using Parle.Api.Platform;

namespace Parle.Api.Wakeups;

/// <summary>The parts of this folder.</summary>
public static class WakeupsParts
{
    /// <summary>Adds notifications.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddWakeups(this IServiceCollection services)
    {
        services.AddSingleton<Notifier>();
        services.AddSingleton<LongPoll>();
        services.AddHosted<NotificationRelay>();
    }
}
