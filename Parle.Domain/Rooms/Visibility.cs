namespace Parle.Domain.Rooms;

/// <summary>Who may see a fact as a row of the room. Whoever is not named here learns nothing of it (law 2).</summary>
/// <param name="Everyone">Every seat whose view has begun.</param>
/// <param name="Author">Otherwise the seat of this participant.</param>
/// <param name="Seats">And these seats.</param>
public sealed record Visibility(bool Everyone, Guid? Author, IReadOnlyList<Guid> Seats)
{
    private static readonly Visibility Common = new(true, null, []);
    private static readonly Visibility RecordOnly = new(false, null, []);

    /// <summary>Who may see <paramref name="fact"/>. Sessions coming and going are on the record, but are not rows.</summary>
    public static Visibility Of(object fact) => fact switch
    {
        SeatAdmitted => Common,
        MessageSubmitted { Addressing.Kind: AddressingKind.Direct } direct =>
            new(false, direct.AuthorID, [.. direct.Addressing.Targets.Select(target => target.SeatID)]),
        MessageSubmitted => Common,
        _ => RecordOnly,
    };
}
