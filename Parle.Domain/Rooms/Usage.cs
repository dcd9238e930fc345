using System.Collections.Immutable;

namespace Parle.Domain.Rooms;

/// <summary>
/// Each principal's share of a room's storage, through all its agents. So one principal's storage never takes from others' shares (law 10).
/// Only a principal's own facts count for it, and nobody learns another's count (law 2).
/// </summary>
/// <param name="Principals">By principal; only those with any facts.</param>
public sealed record Usage(ImmutableDictionary<Guid, Kept> Principals)
{
    /// <summary>An empty room.</summary>
    public static Usage None { get; } = new(ImmutableDictionary<Guid, Kept>.Empty);

    /// <summary>The refusal to store more of a principal; null while there is space.</summary>
    /// <param name="principalID">The principal.</param>
    /// <param name="rank">The rank of the caller.</param>
    /// <param name="more">The amount to add.</param>
    /// <param name="limits">The bounds.</param>
    public Refusal? Obstacle(Guid principalID, Rank rank, Stored more, StorageLimits limits)
    {
        var kept = Principals.GetValueOrDefault(principalID) ?? Kept.Nothing;
        return Full("principal_room_facts", kept.Facts, rank, more.Facts, limits.FactsPerPrincipal)
            ?? Full("principal_room_bytes", kept.Bytes, rank, more.Bytes, limits.BytesPerPrincipal);
    }

    /// <summary>The usage after one more fact. A fact without an author counts for nobody.</summary>
    /// <param name="room">The room before it.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="tokensAbove">The number of tokens above the one that authored it.</param>
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

/// <summary>The stored amount of one principal in one room.</summary>
/// <param name="Facts">Its facts.</param>
/// <param name="Bytes">Its bytes of content.</param>
public sealed record Kept(Count Facts, Count Bytes)
{
    /// <summary>Nothing.</summary>
    public static Kept Nothing { get; } = new(Count.None, Count.None);

    /// <summary>The same after one more fact by a caller of this rank.</summary>
    public Kept And(Rank rank, Stored more) => new(Facts.And(rank, more.Facts), Bytes.And(rank, more.Bytes));
}

/// <summary>An amount of storage.</summary>
/// <param name="Facts">A number of facts.</param>
/// <param name="Bytes">Bytes of content, in canonical form.</param>
public sealed record Stored(long Facts, long Bytes)
{
    /// <summary>Nothing.</summary>
    public static Stored Nothing { get; } = new(0, 0);

    /// <summary>The storage that a fact takes.</summary>
    public static Stored Of(object fact) => new(1, RoomFacts.Find(fact)?.Bytes(fact) ?? 0);

    /// <summary>The sum of both.</summary>
    public Stored And(Stored other) => new(Facts + other.Facts, Bytes + other.Bytes);
}

/// <summary>The bounds on one principal's storage in one room. 0 stands for no bound.</summary>
/// <param name="FactsPerPrincipal">Most facts that its agents author.</param>
/// <param name="BytesPerPrincipal">Most bytes of their content.</param>
public sealed record StorageLimits(long FactsPerPrincipal, long BytesPerPrincipal)
{
    /// <summary>No limits.</summary>
    public static StorageLimits None { get; } = new(0, 0);
}
