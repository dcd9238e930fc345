using System.Collections.Concurrent;

namespace Parle.Api.Callers;

/// <summary>
/// A cache of callers as of one snapshot of the database, see <see cref="AsOf"/>. A caller is dropped at the next snapshot if anything
/// about it was committed in between. One thread changes it, others may read meanwhile.
/// </summary>
public sealed class KnownCallers
{
    /// <summary>Most callers that are known at once: as many as the writers remember rooms.</summary>
    public const int Most = 20_000;

    /// <summary>Most of one principal's: a principal with more loses its own callers only, not those of others.</summary>
    public const int MostOfOne = Most / 10;

    private readonly ConcurrentDictionary<PresentedCredentials, KnownCaller> callers = new();
    private readonly Dictionary<Guid, HashSet<PresentedCredentials>> about = [];
    private volatile string? asOf;
    private DateTime serverStart;

    /// <summary>
    /// The snapshot (<c>pg_snapshot</c>) that no caller in the cache is older than; null before the first one. Read it before a caller:
    /// a caller that is read later is of this snapshot or of a newer one.
    /// </summary>
    public string? AsOf => asOf;

    /// <summary>The caller of these credentials; null when it is not in the cache.</summary>
    public KnownCaller? Find(PresentedCredentials credentials) => callers.GetValueOrDefault(credentials);

    /// <summary>Goes on to a later snapshot.</summary>
    /// <param name="snapshot">The later one.</param>
    /// <param name="startOfServer">The start of the database server. After another start, changes since an earlier snapshot cannot be
    /// told.</param>
    /// <param name="changed">Callers about which something was committed in between; null among them means all callers.</param>
    public void MoveTo(string snapshot, DateTime startOfServer, IReadOnlyList<Guid?> changed)
    {
        if (startOfServer != serverStart || changed.Contains(null))
        {
            ForgetCallers();
        }

        foreach (var key in changed.OfType<Guid>())
        {
            if (about.Remove(key, out var those))
            {
                foreach (var credentials in those)
                {
                    Forget(credentials);
                }
            }
        }

        (serverStart, asOf) = (startOfServer, snapshot);
    }

    /// <summary>Adds a caller that was found at or after the present snapshot.</summary>
    public void Add(PresentedCredentials credentials, KnownCaller caller)
    {
        if (callers.Count >= Most)
        {
            ForgetCallers();
        }

        if (about.TryGetValue(caller.Caller.PrincipalID, out var its) && its.Count >= MostOfOne && about.Remove(caller.Caller.PrincipalID))
        {
            foreach (var one in its)
            {
                Forget(one);
            }
        }

        callers[credentials] = caller;
        foreach (var key in caller.Keys)
        {
            if (!about.TryGetValue(key, out var those))
            {
                about.Add(key, those = []);
            }

            those.Add(credentials);
        }
    }

    /// <summary>Forgets one.</summary>
    public void Forget(PresentedCredentials credentials) => callers.TryRemove(credentials, out _);

    /// <summary>Forgets everything, and from which snapshot it was.</summary>
    public void ForgetAll()
    {
        asOf = null;
        ForgetCallers();
    }

    private void ForgetCallers()
    {
        callers.Clear();
        about.Clear();
    }
}

/// <summary>A caller that was found.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="EndsAt">The moment when one of its tokens expires, by the database's clock; null for never.</param>
public sealed record KnownCaller(Caller Caller, DateTime? EndsAt)
{
    /// <summary>The keys under which changes that concern it are announced, see <c>parle.caller_changes</c>.</summary>
    public IReadOnlyList<Guid> Keys { get; } =
    [
        Caller.TokenID, .. Caller.TokenPath, .. Caller.Operators, Caller.AgentID, Caller.PrincipalID,
        .. Caller.RoomID == Guid.Empty ? (Guid[])[] : [Caller.RoomID], .. Caller.Seat is null ? (Guid[])[] : [Caller.Seat.SeatID],
        .. Caller.Session is null ? (Guid[])[] : [Caller.Session.SessionID],
    ];
}

/// <summary>The credentials of a request: hashes under the server's key, as credentials are stored.</summary>
/// <param name="token">Of the token.</param>
/// <param name="session">Of the session's credential; empty when none came.</param>
public sealed class PresentedCredentials(byte[] token, byte[] session) : IEquatable<PresentedCredentials>
{
    /// <summary>How they may be stored under other server keys, and how they are under this one; not told apart by it.</summary>
    public IReadOnlyList<(byte[] Former, byte[] Fresh)> Former { get; init; } = [];

    /// <summary>Of the token.</summary>
    public byte[] Token => token;

    /// <summary>Of the session's credential; empty when none came.</summary>
    public byte[] Session => session;

    /// <inheritdoc/>
    public bool Equals(PresentedCredentials? other) =>
        other is not null && token.AsSpan().SequenceEqual(other.Token) && session.AsSpan().SequenceEqual(other.Session);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PresentedCredentials);

    /// <inheritdoc/>
    // To others such hashes are random bits.
    public override int GetHashCode() => BitConverter.ToInt32(token) ^ (session.Length == 0 ? 0 : BitConverter.ToInt32(session));
}
