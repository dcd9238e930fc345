using System.Text.Json.Serialization;
using Parle.Api.Contract;
using Parle.Api.Lanes;

namespace Parle.Api.Rooms;

/// <summary>What the caller may do in the room, now.</summary>
/// <param name="Affordances">A row for each action.</param>
public sealed record AffordanceList(IReadOnlyList<Affordance> Affordances)
{
    /// <summary>An answer as it is sent.</summary>
    public static AffordanceList Example { get; } = new([new("post_message", "POST", "/v/rooms/{room}/messages", true, null, null)]);
}

/// <summary>One action, as the caller stands now.</summary>
/// <param name="Action">The registry's name, OpenAPI's <c>operationId</c>.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path template as in OpenAPI.</param>
/// <param name="Allowed">Whether an attempt would be let through.</param>
/// <param name="Reason">Why not: the reason, or else the code, that an attempt would be refused with.</param>
/// <param name="Unlock">What would change that.</param>
public sealed record Affordance(
    string Action,
    string Method,
    string Path,
    bool Allowed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Unlock);

/// <summary>Renders the registry for one caller.</summary>
public static class ReadAffordancesEndpoint
{
    /// <summary>Asks of every action what an attempt would ask (law 7).</summary>
    [Serves(nameof(Actions.ReadAffordances))]
    public static async Task<IResult> Read(Caller caller, RoomStates states, TimeProvider clock, CancellationToken cancellation)
    {
        var room = (await states.Read([caller.RoomID], cancellation))[caller.RoomID].Room;
        var now = clock.GetUtcNow();
        return Results.Json(new AffordanceList([.. Actions.All.Where(action => action.Access > Access.Anyone).Select(action =>
        {
            var refusal = Admission.Obstacle(action, caller, caller.RoomID.ToString(), caller.Session!.SessionID.ToString(), now) ?? action.RoomObstacle?.Invoke(room!, caller.ParticipantID!.Value);
            return new Affordance(action.Id, action.Method, action.Path, refusal is null, refusal?.Reason ?? refusal?.Code, refusal is null ? null : refusal.Unlock ?? refusal.Message);
        })]), WireJson.Options);
    }
}
