using Parle.Api.Bounds;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Domain;

namespace Parle.Api.Contract;

/// <summary>Streams and waits that a node holds open (<c>Parle:Limits:Held…</c>).</summary>
public sealed class HeldRequests(IConfiguration configuration)
{
    private const string Name = "held_requests";

    private static readonly TimeSpan comeBack = TimeSpan.FromSeconds(1);

    // The stream that is closing, and one whose reader is slow. A further stream waits for them.
    private const int MaxReplaced = 3;

    private readonly int perSession = HoldingLimits.Bound(Limits.Of(configuration, "HeldPerSession", 16));
    private readonly HoldingLimits limits = new(
        Limits.Of(configuration, "HeldPerToken", 256), Limits.Of(configuration, "HeldPerPrincipal", 1024), perNetwork: 16, Name);
    private readonly HeldShares shares = new(HoldingLimits.Bound(Limits.Of(configuration, "HeldPerNode", 4096)), $"{Name}_per_node");
    private readonly Dictionary<Guid, OfSession> sessions = [];

    /// <summary>The number of held requests.</summary>
    public int Total => shares.Total;

    /// <summary>Counts a request that may stay open, until it is answered; refuses it when a limit is reached.</summary>
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
            var replaces = action.OneForASession && session is { Wake: not null, Replaced: < MaxReplaced };
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

            context.Response.RegisterForDispose(new Entry(this, session, lease!, isWake: action.OneForASession));
            return null;
        }
    }

    private static Refusal Full(Cap cap) => Refusals.RateLimited with
    {
        RetryAfterMs = (int)comeBack.TotalMilliseconds,
        Cap = cap with
        {
            Recovery =
                "Close streams and waits that you do not need; others of yours may hold them with the same token, or with one below it."
        },
    };

    private sealed class OfSession(Guid id)
    {
        public Guid ID => id;

        public int Held { get; set; }

        public int Replaced { get; set; }

        public Entry? Wake { get; set; }

        // A newer wake stream closes the older one and takes over its share, even while the older one is still closing.
        public void Replace()
        {
            Replaced++;
            Wake!.Return();
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

        public void Return()
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
