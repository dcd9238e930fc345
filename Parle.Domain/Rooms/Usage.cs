using System.Collections.Immutable;

namespace Parle.Domain.Rooms;

/// <summary>
/// How much of what a room keeps was put there by each principal, through all its agents: so that what one stores never takes from
/// others what they may (law 10). A principal's own facts alone are counted for it, and nobody is told of another's count (law 2).
/// </summary>
/// <param name="Principals">By principal; those that stored anything.</param>
public sealed record Usage(ImmutableDictionary<Guid, Stored> Principals)
{
    /// <summary>An empty room.</summary>
    public static Usage None { get; } = new(ImmutableDictionary<Guid, Stored>.Empty);

    /// <summary>Why nothing more of a principal is stored; null while there is space.</summary>
    /// <param name="principalID">Who stores.</param>
    /// <param name="more">What it wants to add.</param>
    /// <param name="limits">How much there can be.</param>
    public Refusal? Obstacle(Guid principalID, Stored more, StorageLimits limits)
    {
        var after = (Principals.GetValueOrDefault(principalID) ?? Stored.Nothing).And(more);
        return Exceeded("principal_room_facts", after.Facts, limits.FactsPerPrincipal) ?? Exceeded("principal_room_bytes", after.Bytes, limits.BytesPerPrincipal);
    }

    /// <summary>The usage after one more fact. What nobody said is nobody's.</summary>
    /// <param name="room">The room before it.</param>
    /// <param name="fact">The fact.</param>
    public Usage After(Room room, object fact) =>
        Work.AuthorOf(fact) is { } authorID && room.Participants.GetValueOrDefault(authorID) is { } author && room.Seats.GetValueOrDefault(author.SeatID) is { } seat
            ? new(Principals.SetItem(seat.PrincipalID, (Principals.GetValueOrDefault(seat.PrincipalID) ?? Stored.Nothing).And(Stored.Of(fact))))
            : this;

    private static Refusal? Exceeded(string name, long after, long limit) =>
        limit > 0 && after > limit ? Refusals.ResourceLimitExceeded with { Cap = new(name, after, limit, "Go on in another room; the owner can archive this one.") } : null;
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
