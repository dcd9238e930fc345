using Parle.Domain.Asks;

namespace Parle.Domain.Rooms;

/// <summary>A room's bounds on one agent, or on two that answer each other. 0 stands for no bound.</summary>
/// <param name="OpenAsksPerSeat">Most open asks of one seat.</param>
/// <param name="TurnsPerPair">Most turns of two seats before a pause, see <see cref="Conversation"/>.</param>
/// <param name="LoopPause">The length of the pause, at most <see cref="Conversation.Memory"/>.</param>
public sealed record RoomLimits(int OpenAsksPerSeat, int TurnsPerPair, TimeSpan LoopPause)
{
    /// <summary>Most finished asks of one seat that the room remembers for a while.</summary>
    public int RememberedAsksPerSeat { get; init; }

    /// <summary>The bounds of one principal on one ask.</summary>
    public AskLimits OfAsk { get; init; } = AskLimits.None;

    /// <summary>The same bounds for a token with so many above it.</summary>
    public RoomLimits For(int tokensAbove) => this with { OfAsk = OfAsk with { TokensAbove = tokensAbove } };

    /// <summary>No limits.</summary>
    public static RoomLimits None { get; } = new(0, 0, TimeSpan.Zero);
}
