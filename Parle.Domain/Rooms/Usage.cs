using System.Collections.Immutable;

namespace Parle.Domain.Rooms;

/// <summary>
/// How much of what a room keeps was put there by each principal, through all its agents: so that what one stores never takes from
/// others what they may (law 10). A principal's own facts alone are counted for it, and nobody is told of another's count (law 2).
/// </summary>
/// <param name="Principals">By principal; those that stored anything.</param>
public sealed record Usage(ImmutableDictionary<Guid, Kept> Principals)
{
    /// <summary>An empty room.</summary>
    public static Usage None { get; } = new(ImmutableDictionary<Guid, Kept>.Empty);

    /// <summary>Why nothing more of a principal is stored; null while there is space.</summary>
    /// <param name="principalID">Who stores.</param>
    /// <param name="rank">By whom.</param>
    /// <param name="more">What it wants to add.</param>
    /// <param name="limits">How much there can be.</param>
    public Refusal? Obstacle(Guid principalID, Rank rank, Stored more, StorageLimits limits)
    {
        var kept = Principals.GetValueOrDefault(principalID) ?? Kept.Nothing;
        return Full("principal_room_facts", kept.Facts, rank, more.Facts, limits.FactsPerPrincipal)
            ?? Full("principal_room_bytes", kept.Bytes, rank, more.Bytes, limits.BytesPerPrincipal);
    }

    /// <summary>The usage after one more fact. What nobody said is nobody's.</summary>
    /// <param name="room">The room before it.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="tokensAbove">How many tokens are above the one that said it.</param>
    public Usage After(Room room, object fact, int tokensAbove) =>
        Work.AuthorOf(fact) is { } authorID && room.Participants.GetValueOrDefault(authorID) is { } author
        && room.Seats.GetValueOrDefault(author.SeatID) is { } seat
            ? new(Principals.SetItem(seat.PrincipalID,
                (Principals.GetValueOrDefault(seat.PrincipalID) ?? Kept.Nothing).And(new(seat.IsGuest, tokensAbove), Stored.Of(fact))))
            : this;

    private static Refusal? Full(string name, Count count, Rank rank, long more, long limit) =>
        count.Exceeded(rank, more, limit) is var (used, share)
            ? Refusals.ResourceLimitExceeded with
            {
                Cap = new(name, used + more, share, share < limit
                    ? "This is the share of guests, or of tokens below another one. Your host, or whoever has the token above, can go on."
                    : "Go on in another room; the owner can archive this one.")
            }
            : null;
}

/// <summary>What a room keeps of one principal.</summary>
/// <param name="Facts">How many facts.</param>
/// <param name="Bytes">How many bytes of words.</param>
public sealed record Kept(Count Facts, Count Bytes)
{
    /// <summary>Nothing.</summary>
    public static Kept Nothing { get; } = new(Count.None, Count.None);

    /// <summary>The same after one more fact by somebody of this rank.</summary>
    public Kept And(Rank rank, Stored more) => new(Facts.And(rank, more.Facts), Bytes.And(rank, more.Bytes));
}

/// <summary>An amount of what is stored.</summary>
/// <param name="Facts">How many facts.</param>
/// <param name="Bytes">How many bytes of words, in their canonical form.</param>
public sealed record Stored(long Facts, long Bytes)
{
    /// <summary>Nothing.</summary>
    public static Stored Nothing { get; } = new(0, 0);

    /// <summary>What a fact brings with it.</summary>
    public static Stored Of(object fact) => new(1, RoomFacts.Find(fact)?.Bytes(fact) ?? 0);

    /// <summary>Both together.</summary>
    public Stored And(Stored other) => new(Facts + other.Facts, Bytes + other.Bytes);
}

/// <summary>How much one principal can store in one room. 0 stands for any amount.</summary>
/// <param name="FactsPerPrincipal">Facts that its agents author.</param>
/// <param name="BytesPerPrincipal">Bytes of their words.</param>
public sealed record StorageLimits(long FactsPerPrincipal, long BytesPerPrincipal)
{
    /// <summary>No limits.</summary>
    public static StorageLimits None { get; } = new(0, 0);
}
