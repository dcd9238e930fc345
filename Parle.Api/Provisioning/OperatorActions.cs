using Parle.Api.Auditing;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Provisioning;

/// <summary>The actions of the service's operators.</summary>
public static class OperatorActions
{
    /// <summary>POST <c>/v/operator/provision</c>.</summary>
    public static readonly ParleAction Provision = new("provision", "POST", "/v/operator/provision",
        "Create what is missing from a description.",
        "The body and the answer of the command `provision`. Doing it twice changes nothing the second time. Sent again with the same "
        + "`Idempotency-Key` it is answered the same, with the secrets that it handed over, as long as they live.",
        [Ways.Operator], [new(200, "What is there now.", typeof(Provisioned), () => Provisioning.Provisioned.Example)])
    {
        Body = typeof(Provision),
        ShowBody = () => Provisioning.Provision.Example,
        BodyJson = Provisioning.Provision.Strict,
        TakesKey = true,
        Input = ProvisionQuery.Input,
        Refusals = [Refusals.ValidationFailed],
    };

    /// <summary>GET <c>/v/operator/operators</c>.</summary>
    public static readonly ParleAction ListOperators = new("list_operators", "GET", "/v/operator/operators",
        "List the operators of the service.",
        "Newest first, ended ones among them; never their tokens. `provision` appoints and dismisses. With an operator ends what it made: "
        + "operators, auditors, people's sessions, agents' tokens, and what was made with those; identities that it linked are unlinked. "
        + "What it made outlives its end, not its dismissal.",
        [Ways.Operator], [new(200, "A page of operators.", typeof(OperatorList), () => OperatorList.Example)])
    {
        Input = PageCursor.FromNewest,
    };

    /// <summary>GET <c>/v/operator/rooms</c>.</summary>
    public static readonly ParleAction ListAllRooms = new("list_all_rooms", "GET", "/v/operator/rooms",
        "List the rooms of the service.",
        "Names, counts and times, nothing of what is said in them. Kept after the facts: `index` says how far.",
        [Ways.Operator], [new(200, "A page of rooms.", typeof(OperatedRoomList), () => OperatedRoomList.Example)])
    {
        Input = PageCursor.FromFirst,
    };

    /// <summary>GET <c>/v/operator/views</c>.</summary>
    public static readonly ParleAction ListViews = new("list_views", "GET", "/v/operator/views",
        "List the service's views, and how far they are.",
        "Views are computed from facts alone.",
        [Ways.Operator], [new(200, "The views.", typeof(OperatedViewList), () => OperatedViewList.Example)]);

    /// <summary>All of these actions.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
        [Provision, ListOperators, ListAllRooms, AuditingActions.ReadRecordAsOperator, ListViews];
}
