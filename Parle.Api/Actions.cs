using Parle.Api.Accounts;
using Parle.Api.Agents;
using Parle.Api.Aliases;
using Parle.Api.Asks;
using Parle.Api.Auditing;
using Parle.Api.Delivery;
using Parle.Api.Discovery;
using Parle.Api.Invitations;
using Parle.Api.Provisioning;
using Parle.Api.Record;
using Parle.Api.Registry;
using Parle.Api.Rooms;
using Parle.Api.Sessions;
using Parle.Api.Tokens;

namespace Parle.Api;

/// <summary>
/// The index of the registry: all that a client can do, a row each. Routes, OpenAPI, <c>llms.txt</c> and affordances are renderings of it
/// (law 6).
/// </summary>
public static class Actions
{
    /// <summary>All rows. The first are in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        SessionActions.ReadSelf, SessionActions.StartSession,
        SessionActions.EnterRoom, TalkActions.ReadProjection, TalkActions.PostMessage, .. AffordanceActions.All, TalkActions.ReadInbound,
        TalkActions.StreamRoom, .. DeliveryActions.All, .. AskActions.All, .. AliasActions.All, .. RoomActions.All, .. RecordActions.All,
        .. LedgerActions.All, SessionActions.Heartbeat, SessionActions.ListSessions, SessionActions.EndSession,
        .. AccountActions.All, .. AgentActions.All, .. TokenActions.All, .. InvitationActions.All, .. AuditingActions.All,
        .. OperatorActions.All,
    ];

    /// <summary>The same list, for code that works on all actions alike.</summary>
    public static ActionIndex Index { get; } = new(All);

    /// <summary>The path parameters of <paramref name="action"/>, in the order of its path.</summary>
    public static IEnumerable<PathParameter> PathParametersOf(ParleAction action) =>
        action.PathNames.Select(name => PathParameters.First(parameter => parameter.Name == name));

    /// <summary>The path parameters of all actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        .. SessionActions.PathParameters, .. TalkActions.PathParameters, .. AskActions.PathParameters, .. AliasActions.PathParameters,
        .. AccountActions.PathParameters, .. RoomActions.PathParameters, .. AgentActions.PathParameters, .. TokenActions.PathParameters,
        .. InvitationActions.PathParameters, .. AuditingActions.PathParameters, .. RecordActions.PathParameters,
    ];
}
