using Parle.Api.Bounds;
using Parle.Api.Callers;

namespace Parle.Api.Contract;

/// <summary>Limits on what a node holds for callers. Each is charged to the caller that causes it.</summary>
/// <param name="perToken">The limit of a token with all tokens below it; likewise of one session of a person, an auditor, an
/// operator.</param>
/// <param name="perPrincipal">The limit of a principal; all of its guests have half of it.</param>
/// <param name="perNetwork">The limit of all callers without credentials from one network.</param>
/// <param name="name">The name of what is held.</param>
public sealed class HoldingLimits(int perToken, int perPrincipal, int perNetwork, string name)
{
    private readonly (int Limit, string Cap) token = (Bound(perToken), $"{name}_per_token"),
        principal = (Bound(perPrincipal), $"{name}_per_principal"), network = (Bound(perNetwork), $"{name}_per_network");

    /// <summary>The holders from the node to the sender of the request, as far as it is known by now.</summary>
    public IReadOnlyList<Holder> WayTo(HttpContext context) =>
        context.Features.Get<Caller>() is { } caller ? WayTo(caller)
        : context.Features.Get<Person>() is { } person
            ? [Principal(person.PrincipalID), Token(person.SessionID ?? person.PrincipalID, isBelow: false)]
        : context.Features.Get<Auditor>() is { } auditor ? [Token(auditor.AuditorID, isBelow: false)]
        : context.Features.Get<Operator>() is { } found ? [Token(found.OperatorID, isBelow: false)]
        : Network.WayTo(context.Connection.RemoteIpAddress, network.Limit, Network.SitesShare(network.Limit), network.Cap);

    /// <summary>The limit as a number to compare with: 0 means none.</summary>
    public static int Bound(int limit) => limit == 0 ? int.MaxValue : limit;

    private Holder[] WayTo(Caller caller) =>
    [
        Principal(caller.PrincipalID),
        .. caller.HasGuestsShare ? (Holder[])[new(caller.AgentID, IsBelow: true, principal.Limit, principal.Cap)] : [],
        .. caller.TokenPath.Select((tokenID, i) => Token(tokenID, isBelow: i > 0)),
        Token(caller.TokenID, isBelow: caller.TokenPath.Count > 0),
    ];

    private Holder Principal(Guid id) => new(id, IsBelow: false, principal.Limit, principal.Cap);

    private Holder Token(Guid id, bool isBelow) => new(id, isBelow, token.Limit, token.Cap);
}
