using JasperFx;
using Marten;
using Npgsql;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Sessions;
using Wolverine.Attributes;

namespace Parle.Api.Sessions;

/// <summary>
/// Sessions whose tokens are over without having been taken back by anybody of their own. Sent with what ended them, in one transaction.
/// Whoever manages a room ends nobody's session elsewhere: one that is in another room with a token of its own goes on there.
/// </summary>
/// <param name="SeatID">The seat that was removed; null when it is not about one.</param>
/// <param name="RoomID">The room that was archived; null when it is not about one.</param>
/// <param name="AgentID">The agent that was deleted: sessions of other agents, which it brought in; null when it is not about one.</param>
/// <param name="Attribution">Who ended it.</param>
[MessageIdentity("Parle.Api.Sessions.EndSessions")] // The name that it is stored under, wherever the type lies.
public sealed record EndSessions(Guid? SeatID, Guid? RoomID, Guid? AgentID, Attribution Attribution);

/// <summary>Ends them, each with a fact of its own, and takes them out of their rooms.</summary>
public static class EndSessionsHandler
{
    private const int MaxAttempts = 10;

    private const string GoesOnElsewhere = """
        exists (
            select from parle.participants p join parle.seats there on there.seat_id = p.seat_id and there.removed_at is null
            join parle.agent_tokens t on t.agent_id = s.agent_id and t.room_id = p.room_id and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
            where p.session_id = s.session_id and p.left_at is null)
        """;

    private const string OfSeat = $"""
        s.token_id in (select t.token_id from parle.seats seat join parle.agent_tokens t on t.agent_id = seat.agent_id and t.seat_id = seat.seat_id where seat.seat_id = $1) and not {GoesOnElsewhere}
        """;

    private const string OfRoom = $"""
        s.token_id in (select t.token_id from parle.agent_tokens t where t.agent_id in (select seat.agent_id from parle.seats seat where seat.room_id = $1) and t.room_id = $1) and not {GoesOnElsewhere}
        """;

    private const string OfGuests = """
        s.agent_id in (select guest.agent_id from parle.agents a join parle.agents guest using (principal_id) where a.agent_id = $1)
        and s.token_path && array(select t.token_id from parle.agent_tokens t where t.agent_id = $1)
        """;

    /// <summary>Doing it twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">Somebody else was writing the same, or a writer's queue was full: to be tried again.</exception>
    public static async Task Handle(
        EndSessions message, IDocumentStore store, NpgsqlDataSource database, RoomWriters writers, Notifier notifier, TimeProvider clock,
        CancellationToken cancellation)
    {
        var (which, id) = message switch
        {
            { SeatID: { } seat } => (OfSeat, seat),
            { RoomID: { } room } => (OfRoom, room),
            _ => (OfGuests, message.AgentID!.Value),
        };
        for (var attempt = 1; await Live(which, id, database, cancellation) is { Count: > 0 } live; attempt++)
        {
            await using var session = store.LightweightSession();
            session.End(
                live, message.AgentID is null ? SessionEnded.SeatOver : SessionEnded.AgentDeleted, clock.GetUtcNow(), message.Attribution);
            try
            {
                await session.SaveChangesAsync(cancellation);
            }
            catch (ConcurrencyException) when (attempt < MaxAttempts)
            {
                continue; // Somebody else ends them too.
            }
            catch (ConcurrencyException busy)
            {
                throw new TimeoutException("Somebody else writes these sessions.", busy);
            }
        }

        // Looked for anew: those that were ended before this was tried again are still to leave.
        foreach (var sessionID in await Rows("s.ended_at is not null and exists (select from parle.participants p where p.session_id = "
            + $"s.session_id and p.left_at is null) and {which}", id, database, cancellation))
        {
            await LeaveRoomsHandler.Handle(new(sessionID.SessionID, message.Attribution), database, writers, notifier, cancellation);
        }
    }

    /// <summary>Does it at once, for an answer that waits for it.</summary>
    internal static Task Follow(IServiceProvider services, EndSessions message) => Handle(
        message, services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<NpgsqlDataSource>(),
        services.GetRequiredService<RoomWriters>(), services.GetRequiredService<Notifier>(), services.GetRequiredService<TimeProvider>(),
        CancellationToken.None);

    private static Task<IReadOnlyList<(Guid SessionID, long Version)>> Live(
        string which, Guid id, NpgsqlDataSource database, CancellationToken cancellation) =>
        Rows($"s.ended_at is null and s.superseded_at is null and s.expires_at > now() and {which}", id, database, cancellation);

    private static async Task<IReadOnlyList<(Guid SessionID, long Version)>> Rows(
        string which, Guid id, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select s.session_id, m.version from parle.agent_sessions s join parle.mt_streams "
            + $"m on m.id = s.session_id where {which} order by s.session_id");
        command.Parameters.Add(new() { Value = id });
        var found = new List<(Guid, long)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add((rows.GetGuid(0), rows.GetInt64(1)));
        }

        return found;
    }
}
