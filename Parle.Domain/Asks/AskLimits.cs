using Parle.Domain.Rooms;

namespace Parle.Domain.Asks;

/// <summary>
/// How much one principal can put on one ask. Each has a share of its own, so that nobody uses up another's. 0 stands for any number.
/// </summary>
/// <param name="Facts">Facts that it causes. What ends something is let through beyond it: answering, accepting, using, and what gives back
/// or protects, see <see cref="AskAct.GivesBack"/>.</param>
/// <param name="Items">Context items that it hands over, also those that it took back.</param>
/// <param name="Bytes">The bytes that these have together.</param>
public sealed record AskLimits(int Facts, int Items, long Bytes)
{
    /// <summary>How many tokens are above that of who acts: what is below another one has a share, see <see cref="Count"/>.</summary>
    public int TokensAbove { get; init; }

    /// <summary>No limits.</summary>
    public static AskLimits None { get; } = new(0, 0, 0);
}

/// <summary>The share of one ask that one principal has used so far.</summary>
/// <param name="Facts">Facts that it caused.</param>
/// <param name="Items">Context items that it handed over.</param>
/// <param name="Bytes">The bytes that these have together.</param>
public sealed record AskShare(Count Facts, Count Items, Count Bytes)
{
    /// <summary>Nothing yet.</summary>
    public static AskShare None { get; } = new(Count.None, Count.None, Count.None);

    /// <summary>The share after one more fact by somebody of this rank.</summary>
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

    /// <summary>
    /// The obstacle to <paramref name="seat"/> handing over <paramref name="packet"/>, or anything at all where it is null.
    /// </summary>
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
