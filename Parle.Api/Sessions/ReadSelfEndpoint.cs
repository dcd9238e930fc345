using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;

namespace Parle.Api.Sessions;

/// <summary>Tells an agent its identity and its rooms. A token is enough.</summary>
public static class ReadSelfEndpoint
{
    /// <summary>Answers from the credentials alone.</summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.ReadSelf))]
    public static IResult Read(Caller caller) => Results.Json(
        new Self(
            caller.AgentID,
            (caller with { Session = null }).Address,
            new(caller.PrincipalID, caller.PrincipalHandle),
            caller.Scopes,
            RoomsOf(caller),
            NextCall.To(SessionActions.StartSession, null))
        { Guest = caller.JoinedAsGuest },
        WireJson.Options);

    /// <summary>The rooms that the caller's token opens; none while its agent has no seat.</summary>
    internal static IReadOnlyList<RoomName> RoomsOf(Caller caller) => caller.Seat is null ? [] : [new(caller.RoomID, caller.RoomHandle)];
}
