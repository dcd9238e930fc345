using System.Security.Cryptography;
using JasperFx;
using Marten;
using Npgsql;
using Parle.Api.Sessions;
using Parle.Api.Tokens;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Contents;
using Parle.Domain.Rooms;
using Parle.Domain.Sessions;
using Parle.Projections;
using Wolverine.Attributes;

namespace Parle.Api.Agents;

/// <summary>What an agent had ends with it. Sent with its deletion, in one transaction.</summary>
/// <param name="AgentID">The agent that was deleted.</param>
/// <param name="Attribution">Who deleted it.</param>
[MessageIdentity("Parle.Api.Agents.EndAgent")] // The name that it is stored under, wherever the type lies.
public sealed record EndAgent(Guid AgentID, Attribution Attribution);

/// <summary>Ends its tokens, sessions and seats, each with a fact of its own, and closes what it holds open.</summary>
public static class EndAgentHandler
{
    private const int MaxAttempts = 10;

    private const string LiveSql = """
        select s.session_id, m.version from parle.agent_sessions s join parle.mt_streams m on m.id = s.session_id
        where s.agent_id = $1 and s.ended_at is null and s.superseded_at is null and s.expires_at > now()
        """;

    /// <summary>Doing it twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">Somebody else was writing the same, or a writer's queue was full: to be tried again.</exception>
    public static async Task Handle(
        EndAgent message, IDocumentStore store, NpgsqlDataSource database, RoomWriters writers, Notifier notifier, TimeProvider clock,
        CancellationToken cancellation)
    {
        notifier.Announce(new Signal(SignalKind.Standing, message.AgentID));
        await EndOwnSessions(message, store, database, clock, cancellation);
        foreach (var roomID in await Ids("select room_id from parle.seats where agent_id = $1 and removed_at is null", message.AgentID,
            database, row => row.GetGuid(0), cancellation))
        {
            var (factID, salt) = (Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(Content.SaltLength));
            if (await writers.Decide(
                new(roomID, message.Attribution, (room, _) => new RemoveDeletedAgent(message.AgentID, factID, salt).Decide(room)))
                is RoomOutcome.Refused { Refusal: var refusal })
            {
                throw new TimeoutException(refusal.Message);
            }
        }

        await RevokeTokensHandler.Handle(new(null, message.AgentID, message.Attribution), store, database, notifier, clock, cancellation);
        await EndSessionsHandler.Handle(
            new(null, null, message.AgentID, message.Attribution), store, database, writers, notifier, clock, cancellation);
    }

    /// <summary>Does it at once, for an answer that waits for it.</summary>
    internal static Task Follow(IServiceProvider services, EndAgent message) => Handle(
        message, services.GetRequiredService<IDocumentStore>(), services.GetRequiredService<NpgsqlDataSource>(),
        services.GetRequiredService<RoomWriters>(), services.GetRequiredService<Notifier>(), services.GetRequiredService<TimeProvider>(),
        CancellationToken.None);

    private static async Task EndOwnSessions(
        EndAgent message, IDocumentStore store, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellation)
    {
        for (var attempt = 1;
            await Ids(LiveSql, message.AgentID, database, row => (SessionID: row.GetGuid(0), Version: row.GetInt64(1)), cancellation)
                is { Count: > 0 } live; attempt++)
        {
            var now = clock.GetUtcNow();
            await using var session = store.LightweightSession();
            foreach (var (sessionID, version) in live)
            {
                session.Events.Append(sessionID, session.BuildFact(new SessionEnded(SessionEnded.AgentDeleted), Guid.CreateVersion7(now),
                    now, message.Attribution)).ExpectedVersionOnServer = version;
            }

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
    }

    private static async Task<IReadOnlyList<T>> Ids<T>(
        string sql, Guid agentID, NpgsqlDataSource database, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = agentID });
        var found = new List<T>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(read(rows));
        }

        return found;
    }
}
