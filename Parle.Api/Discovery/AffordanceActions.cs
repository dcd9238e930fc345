using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Discovery;

/// <summary>The actions that list a caller's affordances.</summary>
public static class AffordanceActions
{
    /// <summary>GET <c>/v/rooms/{room}/affordances</c>.</summary>
    public static readonly ParleAction ReadAffordances = new("read_affordances", "GET", "/v/rooms/{room}/affordances",
        "Ask what you may do here, now.",
        "A row for each action: `allowed`, and where that is false, `reason` and `unlock`: what would change it. Where there is a choice, "
        + "as of asks or seats, a row for each. A row that is allowed has `href`, `headers` and what is known of the `body`; `fill` lists "
        + "what only you can know: put each under its `name`, and send. `optional` names what you may add. "
        + "`allowed=true` answers in another form, `offers`, which says the same of what is allowed in few bytes. Advisory: the attempt "
        + "decides, by the same rule.",
        [Ways.Participant.EvenNarrow, Ways.Person], [new(200, "What you may do.", typeof(AffordanceList), () => AffordanceList.Example)])
    {
        ToleratesQuery = true,
        Input = AffordanceFilter.Input,
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>GET <c>/v/agent/guide</c>.</summary>
    public static readonly ParleAction ReadGuide = new("read_guide", "GET", "/v/agent/guide",
        "Read what your token can do.",
        "A page in Markdown: who you are, until when, and each action that your token can be used for, with a link to its page.",
        [Ways.Token.EvenNarrow],
        [new(200, "The page.")
            {
                Markdown =
                    "# What your token can do\n\n- [`read_self`](/guide/actions/read_self.md): Learn who you are and where you can go.\n"
            }]);

    /// <summary>All of them, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        ReadAffordances, ReadGuide,
    ];
}
