using Parle.Api.Writing;

namespace Parle.Api.Asks;

/// <summary>The parts of this folder.</summary>
public static class AsksParts
{
    /// <summary>Adds asks.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddAsks(this IServiceCollection services)
    {
        services.AddSingleton<FollowUpRule>(Deadline.Of);
    }
}
