using Parle.Api.Bounds;
using Parle.Api.Callers;

namespace Parle.Api.Contract;

/// <summary>Bounds on what callers make a node hold, each counted against who causes it.</summary>
/// <param name="perToken">A token with all below it; likewise one session of a person, an auditor, an operator.</param>
/// <param name="perPrincipal">A principal, with half of it for all of its guests.</param>
/// <param name="perNetwork">All who show no credential, from one network.</param>
/// <param name="name">What is held.</param>
public sealed class HoldingLimits(int perToken, int perPrincipal, int perNetwork, string name)
{
    private readonly (int Limit, string Cap) token = (Bound(perToken), $"{name}_per_token"),
        principal = (Bound(perPrincipal), $"{name}_per_principal"), network = (Bound(perNetwork), $"{name}_per_network");

    /// <summary>The way to whoever sent the request, as far as it is known by now.</summary>
    public IReadOnlyList<Holder> WayTo(HttpContext context) =>
        context.Features.Get<Caller>() is { } caller ? WayTo(caller)
        : context.Features.Get<Person>() is { } person
            ? [Principal(person.PrincipalID), Token(person.SessionID ?? person.PrincipalID, isBelow: false)]
        : context.Features.Get<Auditor>() is { } auditor ? [Token(auditor.AuditorID, isBelow: false)]
        : context.Features.Get<Operator>() is { } found ? [Token(found.OperatorID, isBelow: false)]
        : Network.WayTo(context.Connection.RemoteIpAddress, network.Limit, Network.SitesShare(network.Limit), network.Cap);

    /// <summary>A limit as it is counted with: 0 is none.</summary>
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
