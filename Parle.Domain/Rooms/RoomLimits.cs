using Parle.Domain.Asks;

namespace Parle.Domain.Rooms;

/// <summary>How much a room takes from one agent, or from two that answer each other. 0 stands for any number.</summary>
/// <param name="OpenAsksPerSeat">Asks of one seat that are not over.</param>
/// <param name="TurnsPerPair">Turns that two seats can take before they must pause, see <see cref="Conversation"/>.</param>
/// <param name="LoopPause">How long they must, at most <see cref="Conversation.Memory"/>.</param>
public sealed record RoomLimits(int OpenAsksPerSeat, int TurnsPerPair, TimeSpan LoopPause)
{
    /// <summary>Asks of one seat that are over, and that the room remembers for a while.</summary>
    public int RememberedAsksPerSeat { get; init; }

    /// <summary>The share of one ask that one principal can use.</summary>
    public AskLimits OfAsk { get; init; } = AskLimits.None;

    /// <summary>The same limits for somebody whose token has so many above it.</summary>
    public RoomLimits For(int tokensAbove) => this with { OfAsk = OfAsk with { TokensAbove = tokensAbove } };

    /// <summary>No limits.</summary>
    public static RoomLimits None { get; } = new(0, 0, TimeSpan.Zero);
}
