using Parle.Api.Platform;

namespace Parle.Api.Reading;

/// <summary>The parts of this folder.</summary>
public static class ReadingParts
{
    /// <summary>Adds the views of participants.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddReading(this IServiceCollection services)
    {
        services.AddSingleton<CursorCheck>();
        services.AddSingleton<RowFormatter>();
        services.AddSingleton<RecentRows>();
        services.AddSingleton<RoomViews>();
        services.AddHosted<ViewHeads>();
        services.AddHosted<ReadLedger>();
        services.AddHostedService<OtherDatabase>();
    }
}
