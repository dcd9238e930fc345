using Parle.Domain.Rooms;

namespace Parle.Api.Bounds;

/// <summary>The service's limits: settings below <c>Parle:Limits</c>. 0 switches a limit off.</summary>
public static class Limits
{
    /// <summary>The limits of a room.</summary>
    public static RoomLimits OfRooms(IConfiguration configuration)
    {
        var pause = TimeSpan.FromSeconds(Of(configuration, "LoopPauseSeconds", 60));
        return new(Of(configuration, "OpenAsksPerSeat", 200), Of(configuration, "TurnsPerPair", 60),
            pause < Conversation.Memory ? pause : Conversation.Memory)
        {
            RememberedAsksPerSeat = Of(configuration, "RememberedAsksPerSeat", 2000),
            OfAsk = new(Of(configuration, "FactsPerAsk", 200), Of(configuration, "ContextItemsPerAsk", 128),
                Of(configuration, "ContextBytesPerAsk", 8 * Domain.Asks.ContextPacket.MaxBytes)),
        };
    }

    /// <summary>The limits on what a room stores for one principal.</summary>
    public static StorageLimits OfStorage(IConfiguration configuration) =>
        new(Of(configuration, "FactsPerRoomAndPrincipal", 10_000_000),
            Of(configuration, "MegabytesPerRoomAndPrincipal", 20_480) * 1024L * 1024);

    /// <summary>The value of a setting, at least 0.</summary>
    public static int Of(IConfiguration configuration, string name, int usual) =>
        Math.Max(0, configuration.GetValue($"Parle:Limits:{name}", usual));
}
