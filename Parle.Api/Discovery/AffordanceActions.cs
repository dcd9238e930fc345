using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Discovery;

/// <summary>The actions that list a caller's affordances.</summary>
public static class AffordanceActions
{
    /// <summary>GET <c>/v/rooms/{room}/affordances</c>.</summary>
    public static readonly ParleAction ReadAffordances = new("read_affordances", "GET", "/v/rooms/{room}/affordances",
        "Ask what you may do here, now.",
        "One row for each action: `allowed`, and where that is false, `reason` and `unlock`: what would change it. Where there is a choice "
        + "of seats or presences, a row for each. Advisory: the attempt decides, by the same rule.",
        [Ways.Participant.EvenNarrow, Ways.Person], [new(200, "What you may do.", typeof(AffordanceList), () => AffordanceList.Example)])
    {
        ToleratesQuery = true,
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>All of them, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        ReadAffordances,
    ];
}
