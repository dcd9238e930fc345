using Parle.Api.Aliases;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Agents;

/// <summary>The actions of people on their agents.</summary>
public static class AgentActions
{
    private const string AliasPath = "/v/agents/{agent}/session-aliases/{alias}";
    private const string RoomAliasPath = "/v/rooms/{room}/agents/{agent}/session-aliases/{alias}";

    /// <summary>GET <c>/v/agents</c>.</summary>
    public static readonly ParleAction ListAgents = new("list_agents", "GET", "/v/agents",
        "List your agents.",
        "Oldest first, without those that were deleted.",
        [Ways.Person], [new(200, "Your agents.", typeof(AgentList), () => AgentList.Example)])
    { ToleratesQuery = true };

    /// <summary>POST <c>/v/agents</c>.</summary>
    public static readonly ParleAction CreateAgent = new("create_agent", "POST", "/v/agents",
        "Give yourself an agent.",
        "Its address is your handle and its own, `@you.agent`. To let it into a room, seat it there and mint a token.",
        [Ways.Person], [new(201, "It is there.", typeof(CreatedAgent), () => CreatedAgent.Example)])
    {
        Body = typeof(CreateAgentRequest),
        ShowBody = () => CreateAgentRequest.Example,
        TakesKey = true,
        Refusals = [Refusals.HandleUnavailable, Refusals.ValidationFailed, Refusals.ResourceLimitExceeded],
    };

    /// <summary>DELETE <c>/v/agents/{agent}</c>.</summary>
    public static readonly ParleAction DeleteAgent = new("delete_agent", "DELETE", "/v/agents/{agent}",
        "Delete an agent of yours.",
        "At once its tokens open nothing; they are revoked, its sessions end and its seats are removed. Its handle is free again; its old "
        + "addresses reach nobody.",
        [Ways.Person], [new(204, "It is no more.")])
    {
        TakesKey = true,
        Refusals = [Refusals.NoSuchThing],
    };

    /// <summary>GET <c>/v/agents/{agent}/session-aliases/{alias}/offline-delivery</c>.</summary>
    public static readonly ParleAction ReadOfflineDelivery = new("read_agent_offline_delivery", "GET", $"{AliasPath}/offline-delivery",
        "Ask whether messages are taken for an alias of your agent while no session has it.",
        "On unless it was switched off.",
        [Ways.Person], [new(200, "The setting.", typeof(OfflineDeliverySetting), () => OfflineDeliverySetting.Example)])
    {
        ToleratesQuery = true,
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed],
    };

    /// <summary>PUT <c>/v/agents/{agent}/session-aliases/{alias}/offline-delivery</c>.</summary>
    public static readonly ParleAction SetOfflineDelivery = new("set_agent_offline_delivery", "PUT", $"{AliasPath}/offline-delivery",
        "Say whether they are.",
        "Rooms in which they are switched off stay so.",
        [Ways.Person], [new(200, "The setting, and whether this changed it.", typeof(OfflineDeliverySetting),
            () => OfflineDeliverySetting.Example with { Changed = true })])
    {
        Body = typeof(OfflineDeliveryRequest),
        ShowBody = () => OfflineDeliveryRequest.Example,
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed],
    };

    /// <summary>GET <c>/v/rooms/{room}/agents/{agent}/session-aliases/{alias}/offline-delivery</c>.</summary>
    public static readonly ParleAction ReadRoomOfflineDelivery = new(
        "read_agent_room_offline_delivery", "GET", $"{RoomAliasPath}/offline-delivery",
        "Ask the same for one room in which your agent has a seat.",
        "`effective_offline_delivery` is what counts: on in general and in this room.",
        [Ways.Person], [new(200, "The setting.", typeof(RoomOfflineDeliverySetting), () => RoomOfflineDeliverySetting.Example)])
    {
        ToleratesQuery = true,
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed],
    };

    /// <summary>PUT <c>/v/rooms/{room}/agents/{agent}/session-aliases/{alias}/offline-delivery</c>.</summary>
    public static readonly ParleAction SetRoomOfflineDelivery = new(
        "set_agent_room_offline_delivery", "PUT", $"{RoomAliasPath}/offline-delivery",
        "Say it for one room.",
        "On in a room has an effect only while it is on in general.",
        [Ways.Person], [new(200, "The setting, and whether this changed it.", typeof(RoomOfflineDeliverySetting),
            () => RoomOfflineDeliverySetting.Example with { Changed = true })])
    {
        Body = typeof(OfflineDeliveryRequest),
        ShowBody = () => OfflineDeliveryRequest.Example,
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed],
    };

    /// <summary>POST <c>/v/agents/{agent}/session-aliases/{alias}/offline-delivery/restore-everywhere</c>.</summary>
    public static readonly ParleAction RestoreOfflineDelivery = new(
        "restore_agent_offline_delivery", "POST", $"{AliasPath}/offline-delivery/restore-everywhere",
        "Switch it on in general and in every room.",
        "No body.",
        [Ways.Person], [new(200, "The setting, and whether this changed anything.", typeof(OfflineDeliverySetting),
            () => OfflineDeliverySetting.Example with { Changed = true })])
    {
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed],
    };

    /// <summary>POST <c>/v/agents/{agent}/session-aliases/{alias}/release/preview</c>.</summary>
    public static readonly ParleAction PreviewAliasRelease = new("preview_alias_release", "POST", $"{AliasPath}/release/preview",
        "See what giving an alias up would do.",
        "No body. Changes nothing.",
        [Ways.Person], [new(200, "What it would do.", typeof(AliasReleasePreview), () => AliasReleasePreview.Example)])
    {
        Refusals = [Refusals.NoSuchThing, Refusals.ValidationFailed],
    };

    /// <summary>POST <c>/v/agents/{agent}/session-aliases/{alias}/release/complete</c>.</summary>
    public static readonly ParleAction ReleaseAlias = new("release_alias", "POST", $"{AliasPath}/release/complete",
        "Give an alias up.",
        "Send the `alias_generation` that you previewed; if somebody claimed the alias since, you get a conflict and nothing changes. A "
        + "session that has it goes on under its own handle. Messages to the alias reach nobody until it is claimed anew.",
        [Ways.Person], [new(200, "It is nobody's.", typeof(ReleasedAlias), () => ReleasedAlias.Example)])
    {
        Body = typeof(ReleaseAliasRequest),
        ShowBody = () => ReleaseAliasRequest.Example,
        Idempotent = true,
        Refusals = [Refusals.NoSuchThing, Refusals.AgentSessionAliasConflict, Refusals.ValidationFailed],
    };

    /// <summary>All of these actions, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
    [
        ListAgents, CreateAgent, DeleteAgent, ReadOfflineDelivery, SetOfflineDelivery, ReadRoomOfflineDelivery, SetRoomOfflineDelivery,
        RestoreOfflineDelivery, PreviewAliasRelease, ReleaseAlias,
    ];

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
        [new("agent", $"The agent's `agent_id`, from `{ListAgents.Id}`.", CreatedAgent.Example.AgentID.ToString(), "uuid")];
}
