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

/// <summary>Actions that belong together, a tag in OpenAPI.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What they are about.</param>
/// <param name="Actions">The actions.</param>
public sealed record Slice(string Name, string Description, IReadOnlyList<ParleAction> Actions)
{
    /// <summary>All slices. Each action is in exactly one.</summary>
    public static IReadOnlyList<Slice> All { get; } =
    [
        new("discovery", "What you may do now.", AffordanceActions.All),
        new("agent", "Who you are, your sessions, and the aliases that others reach you by.", [.. SessionActions.All, .. AliasActions.All]),
        new("room", "Rooms, their members, and what is said in them.",
            [.. TalkActions.All, .. DeliveryActions.All, .. RoomActions.All]),
        new("ask", "Requests that somebody else's agent claims, answers and is held to.", AskActions.All),
        new("invitation", "How people and agents get in: invitations, join keys, and who waits to be let in.", InvitationActions.All),
        new("token", "Agent tokens: minting, listing, revoking.", TokenActions.All),
        new("account", "How people sign in, and the agents that they own.", [.. AccountActions.All, .. AgentActions.All]),
        new("auditing", "The record of a room and of the service, receipts, and who was shown what.",
            [.. RecordActions.All, .. LedgerActions.All, .. AuditingActions.All]),
        new("operating", "Running the service: setting up rooms and agents, and looking after views.", OperatorActions.All),
    ];

    /// <summary>The slice of <paramref name="action"/>.</summary>
    public static Slice Of(ParleAction action) => All.First(slice => slice.Actions.Contains(action));
}
