using System.Net;
using Microsoft.AspNetCore.Connections;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Bounds on what callers make a node hold, each counted against who causes it.</summary>
/// <param name="perToken">A token with all below it; likewise one session of a person, an auditor, an operator.</param>
/// <param name="perPrincipal">A principal, with half of it for all of its guests.</param>
/// <param name="perNetwork">All who show no credential, from one network.</param>
/// <param name="name">What is held.</param>
public sealed class HoldingLimits(int perToken, int perPrincipal, int perNetwork, string name)
{
    private readonly (int Limit, string Cap) token = (Bound(perToken), $"{name}_per_token"), principal = (Bound(perPrincipal), $"{name}_per_principal"), network = (Bound(perNetwork), $"{name}_per_network");

    /// <summary>The way to whoever sent the request, as far as it is known by now.</summary>
    public IReadOnlyList<Holder> WayTo(HttpContext context) =>
        context.Features.Get<Caller>() is { } caller ? WayTo(caller)
        : context.Features.Get<Person>() is { } person ? [Principal(person.PrincipalID), Token(person.SessionID ?? person.PrincipalID, isBelow: false)]
        : context.Features.Get<Auditor>() is { } auditor ? [Token(auditor.AuditorID, isBelow: false)]
        : context.Features.Get<Operator>() is { } found ? [Token(found.OperatorID, isBelow: false)]
        : [new(Client.NetworkOf(context.Connection.RemoteIpAddress), IsBelow: false, network.Limit, network.Cap)];

    /// <summary>A limit as it is counted with: 0 is none.</summary>
    public static int Bound(int limit) => limit == 0 ? int.MaxValue : limit;

    private Holder[] WayTo(Caller caller) =>
    [
        Principal(caller.PrincipalID),
        .. caller.IsGuest ? (Holder[])[new(caller.AgentID, IsBelow: true, principal.Limit, principal.Cap)] : [],
        .. caller.TokenPath.Select((tokenID, i) => Token(tokenID, isBelow: i > 0)),
        Token(caller.TokenID, isBelow: caller.TokenPath.Count > 0),
    ];

    private Holder Principal(Guid id) => new(id, IsBelow: false, principal.Limit, principal.Cap);

    private Holder Token(Guid id, bool isBelow) => new(id, isBelow, token.Limit, token.Cap);
}

/// <summary>Streams and waits that a node holds open (<c>Parle:Limits:Held…</c>).</summary>
public sealed class HeldRequests(IConfiguration configuration)
{
    private const string Name = "held_requests";

    private static readonly TimeSpan comeBack = TimeSpan.FromSeconds(1);

    // The stream that is on its way out, and one whose reader does not take what it is sent; what comes then waits for them.
    private const int MaxReplaced = 3;

    private readonly int perSession = HoldingLimits.Bound(Limits.Of(configuration, "HeldPerSession", 16));
    private readonly HoldingLimits limits = new(Limits.Of(configuration, "HeldPerToken", 256), Limits.Of(configuration, "HeldPerPrincipal", 1024), perNetwork: 16, Name);
    private readonly HeldShares shares = new(HoldingLimits.Bound(Limits.Of(configuration, "HeldPerNode", 4096)), $"{Name}_per_node");
    private readonly Dictionary<Guid, OfSession> sessions = [];

    /// <summary>How many are held.</summary>
    public int Total => shares.Total;

    /// <summary>Lets a request that may stay open in, until it is answered; or refuses one more.</summary>
    public Refusal? Enter(HttpContext context, ParleAction action)
    {
        if (!action.MayStayOpen(context.Request))
        {
            return null;
        }

        var way = limits.WayTo(context);
        var sessionID = context.Features.Get<Caller>()?.Session?.SessionID;
        lock (sessions)
        {
            var session = sessionID is { } id ? sessions.GetValueOrDefault(id) ?? new(id) : null;
            var replaces = action == Actions.Wake && session is { Wake: not null, Replaced: < MaxReplaced };
            if (session is not null && !replaces && session.Held >= perSession)
            {
                return Full(new($"{Name}_per_session", session.Held, perSession));
            }

            if (replaces)
            {
                session!.Replace();
            }

            var (lease, full) = shares.Take(1, way, anyway: replaces);
            if (full is not null)
            {
                return Full(full);
            }

            context.Response.RegisterForDispose(new Entry(this, session, lease!, isWake: action == Actions.Wake));
            return null;
        }
    }

    private static Refusal Full(Cap cap) => Refusals.RateLimited with
    {
        RetryAfterMs = (int)comeBack.TotalMilliseconds,
        Cap = cap with { Recovery = "Close streams and waits that you do not need; others of yours may hold them with the same token, or with one below it." },
    };

    private sealed class OfSession(Guid id)
    {
        public Guid ID => id;

        public int Held { get; set; }

        public int Replaced { get; set; }

        public Entry? Wake { get; set; }

        // A newer wake stream closes the older one: what that held is the newer one's, though it may be there for a moment still.
        public void Replace()
        {
            Replaced++;
            Wake!.GiveBack();
            Wake = null;
        }
    }

    private sealed class Entry : IDisposable
    {
        private readonly HeldRequests held;
        private readonly OfSession? session;
        private readonly IDisposable lease;
        private bool isReplaced;

        public Entry(HeldRequests held, OfSession? session, IDisposable lease, bool isWake)
        {
            (this.held, this.session, this.lease) = (held, session, lease);
            if (session is null)
            {
                return;
            }

            session.Held++;
            session.Wake = isWake ? this : session.Wake;
            held.sessions[session.ID] = session;
        }

        public void GiveBack()
        {
            isReplaced = true;
            lease.Dispose();
            session!.Held--;
        }

        public void Dispose()
        {
            lock (held.sessions)
            {
                lease.Dispose();
                if (session is null)
                {
                    return;
                }

                session.Wake = session.Wake == this ? null : session.Wake;
                (session.Held, session.Replaced) = isReplaced ? (session.Held, session.Replaced - 1) : (session.Held - 1, session.Replaced);
                if (session is { Held: 0, Replaced: 0 })
                {
                    held.sessions.Remove(session.ID);
                }
            }
        }
    }
}

/// <summary>Bodies that are on their way to a node (<c>Parle:Limits:Uploads…</c>). Each counts once for every 64 KiB that it may have.</summary>
public sealed class Uploads(IConfiguration configuration)
{
    private const string Name = "uploads";
    private const int Unit = 64 * 1024;

    private readonly HoldingLimits limits = new(Limits.Of(configuration, "UploadsPerToken", 512), Limits.Of(configuration, "UploadsPerPrincipal", 1024), Limits.Of(configuration, "UploadsPerNetwork", 64), Name);
    private readonly HeldShares shares = new(HoldingLimits.Bound(Limits.Of(configuration, "UploadsPerNode", 4096)), $"{Name}_per_node");

    /// <summary>In which time a whole body must be there; null for any.</summary>
    public TimeSpan? Within { get; } = Limits.Of(configuration, "BodySeconds", 30) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>How much is on its way, in units.</summary>
    public int Total => shares.Total;

    /// <summary>Makes room for a body of so many bytes at most; or refuses one more.</summary>
    public (IDisposable? Lease, Refusal? Refusal) Begin(HttpContext context, long bytes)
    {
        var (lease, full) = shares.Take((int)Math.Max(1, (bytes + Unit - 1) / Unit), limits.WayTo(context));
        return full is null ? (lease, null) : (null, Refusals.RateLimited with
        {
            RetryAfterMs = 1000,
            Cap = full with { Recovery = "Send fewer bodies at the same time, and each as fast as you can." },
        });
    }
}

/// <summary>
/// Connections to a node (<c>Parle:Limits:ConnectionsPerNode</c>). A network may have as many as it leaves free: so one that takes all it can leaves
/// half to others, whether it sends anything or not.
/// </summary>
public sealed class Connections(IConfiguration configuration)
{
    private readonly HeldShares shares = new(HoldingLimits.Bound(Limits.Of(configuration, "ConnectionsPerNode", 16_384)), "connections");

    /// <summary>Serves a connection; one too many is closed before anything is read from it.</summary>
    public async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        var network = Client.NetworkOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        var (lease, _) = shares.Take(1, [new(network, IsBelow: false, int.MaxValue, "connections")]);
        if (lease is null)
        {
            connection.Abort();
            return;
        }

        using (lease)
        {
            await next(connection);
        }
    }
}
