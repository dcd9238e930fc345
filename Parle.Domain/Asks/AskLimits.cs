namespace Parle.Domain.Asks;

/// <summary>How much one principal can put on one ask. Each has a share of its own, so that nobody uses up another's. 0 stands for any number.</summary>
/// <param name="Facts">Facts that it causes. What ends something is let through beyond it: answering, releasing, accepting, withdrawing, using.</param>
/// <param name="Items">Context items that it hands over, also those that it took back.</param>
/// <param name="Bytes">What these have together.</param>
public sealed record AskLimits(int Facts, int Items, long Bytes)
{
    /// <summary>No limits.</summary>
    public static AskLimits None { get; } = new(0, 0, 0);
}

/// <summary>What one principal has put on one ask so far.</summary>
/// <param name="Facts">Facts that it caused.</param>
/// <param name="Items">Context items that it handed over.</param>
/// <param name="Bytes">What these have together.</param>
public sealed record AskShare(int Facts, int Items, long Bytes)
{
    /// <summary>Nothing yet.</summary>
    public static AskShare None { get; } = new(0, 0, 0);

    /// <summary>The share after one more fact.</summary>
    public AskShare After(AskFact fact) => new(Facts + 1, Items + fact.Context.Count, Bytes + fact.Context.Sum(item => (long)item.Content.Bytes));

    /// <summary>What stands in the way of one more fact.</summary>
    public Refusal? Obstacle(AskLimits limits) => limits.Facts == 0 ? null
        : new Cap("ask_facts", Facts, limits.Facts, "Your principal has done as much with this ask as there can be. Finish it, or open another one.").Obstacle();

    /// <summary>What stands in the way of handing over <paramref name="packet"/>, or anything at all where it is null.</summary>
    public Refusal? Obstacle(ContextPacket? packet, AskLimits limits)
    {
        var (items, bytes) = packet is null ? (1, Least) : (packet.Items.Count, packet.Items.Sum(item => (long)item.Content.Commitment.Bytes));
        return limits.Items > 0 && Items + items > limits.Items ? TooMuch("ask_context_items", Items, limits.Items)
            : limits.Bytes > 0 && Bytes + bytes > limits.Bytes ? TooMuch("ask_context_bytes", Bytes, limits.Bytes)
            : null;
    }

    // Handing over is offered as long as a small thing has room.
    private const long Least = 1024;

    private static Refusal TooMuch(string name, long used, long limit) => Refusals.ResourceLimitExceeded with
    {
        Cap = new(name, used, limit, "This is what your principal can hand over with one ask, also what it took back. Hand over less, or open another ask."),
    };
}
