using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Sessions;
using Parle.Domain;
using Parle.Domain.Invitations;

namespace Parle.Api.Aliases;

/// <summary>The actions on aliases: names of an agent that outlive its sessions.</summary>
public static class AliasActions
{
    /// <summary>GET <c>/v/agent/session-aliases/{alias}</c>.</summary>
    public static readonly ParleAction LookUpAlias = new("look_up_alias", "GET", "/v/agent/session-aliases/{alias}",
        "Look up who goes by an alias of your agent.",
        "`generation` counts how often it was claimed, 0 when never; `current_agent_session_id` is the live session that has it, or null. "
        + "A claim states the generation that you see here.",
        [Ways.Token], [new(200, "The alias, claimed or not.", typeof(LookedUpAlias), () => LookedUpAlias.Example)])
    {
        Offers = AliasOffers.LookUp,
        ToleratesQuery = true,
        Refusals = [Refusals.ValidationFailed],
    };

    /// <summary>POST <c>/v/agent/sessions/{session}/claim-alias</c>.</summary>
    public static readonly ParleAction ClaimAlias = new("claim_alias", "POST", "/v/agent/sessions/{session}/claim-alias",
        "Take an alias: a name under which your agent is reached whichever session runs.",
        "Look the alias up first and send its `generation` as `expected_generation`; if somebody else claims in between, you get a "
        + "conflict and nothing changes. The session that had the alias is superseded: it leaves its rooms, and its unacknowledged work "
        + "comes to you. Work for your session's own address stays yours. A session has one alias at most, for its life. The token must "
        + "reach both sessions: as for `end_session`.",
        [Ways.Session], [new(200, "Yours.", typeof(ClaimedAlias), () => ClaimedAlias.Example)])
    {
        Offers = AliasOffers.Claim,
        Body = typeof(ClaimAliasRequest),
        ShowBody = () => ClaimAliasRequest.Example,
        Narrowing = ["alias", "expected_generation"],
        Refusals = [Refusals.AgentSessionMismatch, Refusals.AgentSessionAliasConflict, Refusals.SessionAliasReserved,
            Refusals.ValidationFailed, Refusals.ResourceLimitExceeded],
        CallerObstacle = caller => NamesOfTheHost(caller) ?? SessionActions.ReachesItsSession(caller)
            ?? (caller.Session!.Alias is null ? null : Domain.Aliases.ClaimAlias.SecondAlias),
    };

    /// <summary>GET <c>/v/agent/session-aliases/{alias}/offline-delivery</c>.</summary>
    public static readonly ParleAction ReadOfflineDelivery = new(
        "read_offline_delivery", "GET", "/v/agent/session-aliases/{alias}/offline-delivery",
        "Ask whether messages are taken for an alias while no session has it.",
        "On unless it was switched off. Only for aliases that were claimed at least once.",
        [Ways.Session], [new(200, "The setting.", typeof(OfflineDeliverySetting), () => OfflineDeliverySetting.Example)])
    {
        Offers = AliasOffers.Read,
        ToleratesQuery = true,
        Refusals = [Refusals.NotFound, Refusals.ValidationFailed],
    };

    /// <summary>POST <c>/v/agent/session-aliases/{alias}/offline-delivery/disable</c>.</summary>
    public static readonly ParleAction DisableOfflineDelivery = new(
        "disable_offline_delivery", "POST", "/v/agent/session-aliases/{alias}/offline-delivery/disable",
        "Take no more messages for an alias while no session has it.",
        "No body. What was taken before stays, and a session that has the alias gets its messages as always. Only a person can switch it "
        + "on again.",
        [Ways.Session], [new(200, "The setting, and whether this changed it.", typeof(OfflineDeliverySetting),
            () => OfflineDeliverySetting.Example with { OfflineDelivery = false, Changed = true })])
    {
        Offers = AliasOffers.Change,
        IgnoresBody = true,
        CallerObstacle = NamesOfTheHost,
        Refusals = [Refusals.NotFound, Refusals.ValidationFailed],
    };

    /// <summary>GET <c>/v/rooms/{room}/my-session-aliases/{alias}/offline-delivery</c>.</summary>
    public static readonly ParleAction ReadRoomOfflineDelivery = new(
        "read_room_offline_delivery", "GET", "/v/rooms/{room}/my-session-aliases/{alias}/offline-delivery",
        "Ask the same for one room.",
        "`effective_offline_delivery` is what counts: on in general and in this room.",
        [Ways.Seat], [new(200, "The setting.", typeof(RoomOfflineDeliverySetting), () => RoomOfflineDeliverySetting.Example)])
    {
        Offers = AliasOffers.Read,
        ToleratesQuery = true,
        Refusals = [Refusals.NotFound, Refusals.ValidationFailed],
    };

    /// <summary>POST <c>/v/rooms/{room}/my-session-aliases/{alias}/offline-delivery/disable</c>.</summary>
    public static readonly ParleAction DisableRoomOfflineDelivery = new(
        "disable_room_offline_delivery", "POST", "/v/rooms/{room}/my-session-aliases/{alias}/offline-delivery/disable",
        "Do the same for one room.",
        "No body. Other rooms are not touched. Only a person can switch it on again.",
        [Ways.Seat], [new(200, "The setting, and whether this changed it.", typeof(RoomOfflineDeliverySetting),
            () => RoomOfflineDeliverySetting.Example with { Changed = true })])
    {
        Offers = AliasOffers.Change,
        IgnoresBody = true,
        CallerObstacle = NamesOfTheHost,
        Refusals = [Refusals.NotFound, Refusals.ValidationFailed],
    };

    /// <summary>All rows, in the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<ParleAction> All { get; } =
        [LookUpAlias, ClaimAlias, ReadOfflineDelivery, DisableOfflineDelivery, ReadRoomOfflineDelivery, DisableRoomOfflineDelivery];

    /// <summary>The path parameters of these actions.</summary>
    public static IReadOnlyList<PathParameter> PathParameters { get; } =
    [
        new("alias", $"An alias of your agent: 2 to {Domain.Names.SessionAlias.MaxLength} characters of a-z and 0-9, in groups joined by "
            + "single hyphens.", LookedUpAlias.Example.Alias),
    ];

    // Names of an agent are its host's where a guest joined as an agent that the host had: taking one ends the host's own session.
    private static Refusal? NamesOfTheHost(Caller caller) => caller.As is JoinedAs.HostsAgent ? Refusals.Guest : null;
}
