using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>
/// The rate limits of credentials and of rooms, on each node. Tokens below another one share half of its limit; the other half stays its
/// own. In a room each principal has an equal part; its guests share at most half of that. All sessions of a person share one limit. A
/// valid credential is counted even where it is not let in: only strangers are not counted.
/// </summary>
public sealed class RateLimits(IConfiguration configuration, TimeProvider clock)
{
    private readonly Rate token = new("token_requests_per_second", Limits.Of(configuration, "TokenRequestsPerSecond", 100),
        Limits.Of(configuration, "TokenBurst", 300), clock);
    private readonly Rate room = new("room_requests_per_second", Limits.Of(configuration, "RoomRequestsPerSecond", 2000),
        Limits.Of(configuration, "RoomBurst", 6000), clock);

    /// <summary>Counts one request of an admitted caller. Returns a refusal when a limit is reached; null when none is.</summary>
    public Refusal? Take(HttpContext context, ParleAction action)
    {
        if (context.Features.Get<Caller>() is { } caller)
        {
            return TakeOf(caller) ?? (action.InRoom ? TakeIn(caller.RoomID, caller) : null);
        }

        // The person's access to the room is not checked yet, and strangers must not use up the room's rate.
        return context.Features.Get<Person>() is { } person
            ? token.Take(person.PrincipalID, new Party(person.SessionID ?? person.PrincipalID, IsBelow: false))
            : context.Features.Get<Auditor>() is { } auditor ? token.Take(auditor.AuditorID)
            : context.Features.Get<Operator>() is { } found ? token.Take(found.OperatorID)
            : null;
    }

    /// <summary>
    /// Counts one request whose credential is valid but does not open the action. Returns a refusal when a limit is reached.
    /// </summary>
    public Refusal? TakeRefused(HttpContext context) =>
        context.Features.Get<Caller>() is { } caller ? TakeOf(caller)
        : context.Features.Get<Auditor>() is { } auditor ? token.Take(auditor.AuditorID)
        : null;

    private Refusal? TakeOf(Caller caller)
    {
        var above = caller.TokenPath;
        if (above.Count == 0)
        {
            return token.Take(caller.TokenID);
        }

        Span<Party> way = stackalloc Party[above.Count];
        for (var i = 1; i < above.Count; i++)
        {
            way[i - 1] = new(above[i], IsBelow: true);
        }

        way[^1] = new(caller.TokenID, IsBelow: true);
        return token.Take(above[0], way);
    }

    private Refusal? TakeIn(Guid roomID, Caller caller) => caller.HasGuestsShare
        ? room.Take(roomID, new(caller.PrincipalID, IsBelow: false), new(caller.AgentID, IsBelow: true))
        : room.Take(roomID, new Party(caller.PrincipalID, IsBelow: false));

    private sealed class Rate(string name, int perSecond, int burst, TimeProvider clock)
    {
        private readonly FairShares? shares = perSecond == 0 ? null : new(perSecond, Math.Max(1, burst), clock);

        public Refusal? Take(Guid id, params ReadOnlySpan<Party> way) => shares?.Take(id, way) is not { } wait
            ? null : Refusals.RateLimited with
            {
                RetryAfterMs = (int)Math.Ceiling(wait.TotalMilliseconds),
                Cap = new(name, null, perSecond),
            };
    }
}
