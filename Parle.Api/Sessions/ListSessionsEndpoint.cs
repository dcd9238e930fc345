using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Names;
using Parle.Projections.Sessions;

namespace Parle.Api.Sessions;

/// <summary>A page of live sessions.</summary>
/// <param name="Sessions">Oldest first.</param>
/// <param name="Next">Pass it back as <c>after</c>; null on the last page.</param>
public sealed record SessionList(IReadOnlyList<ListedSession> Sessions, string? Next)
{
    /// <summary>An answer as it is sent.</summary>
    public static SessionList Example { get; } = new(
        [new(new("019a7c1e-0b44-7a0c-9d3e-5c7b9a1f3d02"), "c7w2k5n4q3zx6m7a", null, 0, new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero),
            new(2026, 8, 17, 22, 0, 0, TimeSpan.Zero), new(2026, 8, 17, 10, 5, 0, TimeSpan.Zero), "@alice.builder.c7w2k5n4q3zx6m7a")],
        null);
}

/// <summary>A live session, without its credential.</summary>
/// <param name="AgentSessionID">The session.</param>
/// <param name="SessionHandle">Its anonymous handle.</param>
/// <param name="Alias">The alias it has; null for none.</param>
/// <param name="Generation">How often that alias was taken over, from 1; 0 for an anonymous session.</param>
/// <param name="CreatedAt">When it started.</param>
/// <param name="ExpiresAt">When its life is over; nothing extends it.</param>
/// <param name="LastSeenAt">When it last called.</param>
/// <param name="Address">Where it can be reached.</param>
public sealed record ListedSession(
    Guid AgentSessionID, string SessionHandle, string? Alias, long Generation, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset LastSeenAt, string Address);

/// <summary>Lists the live sessions of the token's agent.</summary>
public static class ListSessionsEndpoint
{
    private const int PageSize = 10;

    /// <summary>Returns a page; ids are in the order of their start.</summary>
    [Serves(typeof(SessionActions), nameof(SessionActions.ListSessions))]
    public static async Task<IResult> List(
        PageCursor cursor, Caller caller, NpgsqlDataSource database, SessionActivity activity, TimeProvider clock,
        CancellationToken cancellation)
    {
        await activity.Write(cancellation);
        var found = await AgentSessionQueries.Page(
            database, caller.AgentID, clock.GetUtcNow(), cursor.After, PageSize + 1, cancellation);
        var page = found.Take(PageSize).Select(row => new ListedSession(
            row.SessionID, row.Handle, row.Alias, row.Generation, row.CreatedAt, row.ExpiresAt, row.LastSeenAt,
            new Address(caller.PrincipalHandle, caller.AgentHandle, row.Alias ?? row.Handle).ToString())).ToList();
        return Results.Json(new SessionList(page, found.Count > PageSize ? page[^1].AgentSessionID.ToString() : null), WireJson.Options);
    }
}
