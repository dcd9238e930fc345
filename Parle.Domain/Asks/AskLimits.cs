using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>The limits of one principal on one ask. Each principal has its own, so that none uses up another's. 0 means no limit.</summary>
/// <param name="Facts">Most facts that it causes. An act that ends something passes this limit: answering, accepting, using, and acts that
/// give back or protect, see <see cref="AskAct.GivesBack"/>.</param>
/// <param name="Items">Most context items that it adds, withdrawn ones included.</param>
/// <param name="Bytes">Most bytes of these items together.</param>
public sealed record AskLimits(int Facts, int Items, long Bytes)
{
    /// <summary>
    /// The number of tokens above the acting one. A token below another one has a share of its limit, see <see cref="Count"/>.
    /// </summary>
    public int TokensAbove { get; init; }

    /// <summary>No limits.</summary>
    public static AskLimits None { get; } = new(0, 0, 0);
}

/// <summary>The use of one ask by one principal so far.</summary>
/// <param name="Facts">The facts that it caused.</param>
/// <param name="Items">The context items that it added.</param>
/// <param name="Bytes">The bytes of these items together.</param>
public sealed record AskShare(Count Facts, Count Items, Count Bytes)
{
    /// <summary>No use.</summary>
    public static AskShare None { get; } = new(Count.None, Count.None, Count.None);

    /// <summary>The use after one more fact by a caller of this rank.</summary>
    public AskShare After(AskFact fact, Rank rank) =>
        new(Facts.And(rank, 1), Items.And(rank, fact.Context.Count), Bytes.And(rank, fact.Context.Sum(item => (long)item.Content.Bytes)));

    /// <summary>The obstacle to one more fact by <paramref name="seat"/>.</summary>
    public Refusal? Obstacle(Seat seat, AskLimits limits) => Facts.Exceeded(Of(seat, limits), 1, limits.Facts) is var (used, limit)
        ? Refusals.ResourceLimitExceeded with
        {
            Cap = new("ask_facts", used, limit, "Your principal has done as much with this ask as there can be, or its guests or narrower "
                + "tokens as much as they can. Finish it, or open another one.")
        }
        : null;

    /// <summary>The obstacle to adding <paramref name="packet"/>, or any context where it is null, by <paramref name="seat"/>.</summary>
    public Refusal? Obstacle(Seat seat, ContextPacket? packet, AskLimits limits)
    {
        var (items, bytes) = packet is null
            ? (1, Least) : (packet.Items.Count, packet.Items.Sum(item => (long)item.Content.Commitment.Bytes));
        return Items.Exceeded(Of(seat, limits), items, limits.Items) is var (itemsUsed, itemsLimit)
            ? TooMuch("ask_context_items", itemsUsed, itemsLimit)
            : Bytes.Exceeded(Of(seat, limits), bytes, limits.Bytes) is var (bytesUsed, bytesLimit) ? TooMuch(
                "ask_context_bytes", bytesUsed, bytesLimit)
            : null;
    }

    // Handing over is offered as long as a small thing has room.
    private const long Least = 1024;

    private static Rank Of(Seat seat, AskLimits limits) => new(seat.IsGuest, limits.TokensAbove);

    private static Refusal TooMuch(string name, long used, long limit) => Refusals.ResourceLimitExceeded with
    {
        Cap = new(name, used, limit,
            "This is what your principal can hand over with one ask, also what it took back. Hand over less, or open another ask."),
    };
}
