using Parle.Domain.Rooms;

namespace Parle.Api.Bounds;

/// <summary>How much the service takes from whom: settings below <c>Parle:Limits</c>. 0 switches one off.</summary>
public static class Limits
{
    /// <summary>What rooms take.</summary>
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

    /// <summary>How much of one principal a room keeps.</summary>
    public static StorageLimits OfStorage(IConfiguration configuration) =>
        new(Of(configuration, "FactsPerRoomAndPrincipal", 10_000_000),
            Of(configuration, "MegabytesPerRoomAndPrincipal", 20_480) * 1024L * 1024);

    /// <summary>One of the settings; never less than 0.</summary>
    public static int Of(IConfiguration configuration, string name, int usual) =>
        Math.Max(0, configuration.GetValue($"Parle:Limits:{name}", usual));
}
