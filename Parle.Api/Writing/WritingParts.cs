using Parle.Api.Platform;

namespace Parle.Api.Writing;

/// <summary>The parts of this folder.</summary>
public static class WritingParts
{
    /// <summary>Adds the write path of rooms.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddWriting(this IServiceCollection services)
    {
        services.AddSingleton<WriteHealth>();
        services.AddSingleton<RoomStates>();
        services.AddSingleton<FollowUps>();
        services.AddHosted<RoomWriters>();
    }
}
