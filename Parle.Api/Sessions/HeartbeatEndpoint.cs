using Parle.Api.Callers;
using Parle.Api.Registry;

namespace Parle.Api.Sessions;

/// <summary>Records that a session is alive.</summary>
public static class HeartbeatEndpoint
{
    /// <summary>Writes the heartbeat at once, with all others that are due.</summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.Heartbeat))]
    public static async Task<IResult> Beat(Caller caller, SessionActivity activity, TimeProvider clock, CancellationToken cancellation)
    {
        activity.Saw(caller.Session!.SessionID, clock.GetUtcNow());
        await activity.Write(cancellation);
        return Results.NoContent();
    }
}
