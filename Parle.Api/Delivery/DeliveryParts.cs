using Npgsql;
using Parle.Api.Registry;

namespace Parle.Api.Delivery;

/// <summary>The parts of this folder.</summary>
public static class DeliveryParts
{
    /// <summary>Adds inboxes.</summary>
    /// <param name="services">The service's parts.</param>
    public static void AddDelivery(this IServiceCollection services)
    {
        services.AddStandingPart((provider, here, cancellation) =>
            InboxOffers.Find(provider.GetRequiredService<NpgsqlDataSource>(), here, cancellation));
    }
}
