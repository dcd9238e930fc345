using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Domain;
using Parle.Domain.Sessions;
using Parle.Projections.Sessions;
using Parle.Projections.Tokens;

namespace Parle.Api.Sessions;

/// <summary>The limit on simultaneously live sessions, and the choice of sessions to end so that another one can start.</summary>
public sealed class LiveSessions(SessionActivity activity, NpgsqlDataSource database, TimeProvider clock, IConfiguration configuration)
{
    /// <summary>The most live sessions of a token with the tokens below it, unless configured otherwise. 0 means no limit.</summary>
    public const int DefaultCap = 25;

    private readonly SessionCap cap = new(Math.Max(0, configuration.GetValue("Parle:LiveSessions", DefaultCap)));

    /// <summary>
    /// The sessions to end so that the caller's token can start one more, or the reason why it cannot. Exact under the agent's lock, which
    /// a revocation takes too.
    /// </summary>
    public async Task<(Refusal? Refusal, IReadOnlyList<Guid> Ending)> MakeRoom(
        IDocumentSession session, Caller caller, CancellationToken cancellation) =>
        await TokenQueries.IsAnyRevoked(session, [.. caller.TokenPath, caller.TokenID], cancellation)
            ? (Refusals.InvalidAgentToken, [])
            : await MakeRoom(
                caller,
                (tokens, starts) => AgentSessionQueries.HasNoStartLeft(session, caller.AgentID, tokens, starts, cancellation),
                () => AgentSessionQueries.Live(session, caller.AgentID, clock.GetUtcNow(), cancellation));

    /// <summary>
    /// Returns the reason why the caller's token can start no session; null for none. Affordances ask this, without a lock.
    /// </summary>
    public async Task<Refusal?> Obstacle(Caller caller, CancellationToken cancellation) => (await MakeRoom(
        caller,
        (tokens, starts) => AgentSessionQueries.HasNoStartLeft(database, caller.AgentID, tokens, starts, cancellation),
        () => AgentSessionQueries.Live(database, caller.AgentID, clock.GetUtcNow(), cancellation))).Refusal;

    private async Task<(Refusal? Refusal, IReadOnlyList<Guid> Ending)> MakeRoom(
        Caller caller, Func<Guid[], int[], Task<bool>> hasNoStartLeft, Func<Task<IReadOnlyList<LiveSessionRow>>> live)
    {
        if (caller.BoundedUses.Count > 0 && await hasNoStartLeft(
            [.. caller.BoundedUses.Select(token => token.TokenID)],
            [.. caller.BoundedUses.Select(token => Math.Max(token.Uses, SessionCap.FewestStarts))]))
        {
            return (SessionCap.NoStartLeft, []);
        }

        var noted = activity.Noted; // Before the database, so that no sign is missed that is written in between.
        return cap.MakeRoom(caller.OwnTokens,
        [
            .. (await live()).Select(row => new LiveSession(
                row.SessionID, row.Tokens,
                noted.TryGetValue(row.SessionID, out var later) && later > row.LastSeenAt ? later : row.LastSeenAt,
                row.IsHeld || activity.IsHeldHere(row.SessionID))),
        ]);
    }
}
