using Parle.Api.Registry;
using Parle.Domain.Asks;
using Parle.Domain.Rooms;

namespace Parle.Api.Asks;

/// <summary>An action about one ask, which its path names.</summary>
/// <param name="Id">See <see cref="ParleAction"/>.</param>
/// <param name="Method">See there.</param>
/// <param name="Path">See there.</param>
/// <param name="Summary">See there.</param>
/// <param name="Description">See there.</param>
/// <param name="Answers">See there.</param>
public sealed record AskAction(
    string Id, string Method, string Path, string Summary, string Description, IReadOnlyList<SuccessAnswer> Answers)
    : ParleAction(Id, Method, Path, Summary, Description, [Registry.Ways.Participant], Answers)
{
    /// <summary>The act, whose rule decides attempts and offers (law 7); null where the ask is only read.</summary>
    public AskAct? Act { get; init; }

    /// <summary>Returns the forms in which it is offered for one ask; null for the one form that its path and example show.</summary>
    public Func<Ask, Seat, IEnumerable<ActionOffer>>? OffersFor { get; init; }
}
