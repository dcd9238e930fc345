namespace Parle.Domain.Rooms;

/// <summary>Who may see a fact as a row of the room. Whoever is not named here learns nothing of it (law 2).</summary>
/// <param name="Everyone">Every seat whose view has begun.</param>
/// <param name="Participants">Otherwise only the seats of these.</param>
public sealed record Visibility(bool Everyone, IReadOnlyList<Guid> Participants)
{
    private static readonly Visibility Common = new(true, []);
    private static readonly Visibility RecordOnly = new(false, []);

    /// <summary>Who may see <paramref name="fact"/>. Sessions coming and going are on the record, but are not rows.</summary>
    public static Visibility Of(object fact) => fact switch
    {
        SeatAdmitted => Common,
        MessageSubmitted { Addressing.Kind: AddressingKind.Direct } direct =>
            new(false, [direct.AuthorID, .. direct.Addressing.Targets.Select(target => target.ParticipantID)]),
        MessageSubmitted => Common,
        _ => RecordOnly,
    };
}
