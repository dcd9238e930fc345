using System.Security.Cryptography;
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
using Parle.Projections.Principals;
using Parle.Projections.Sessions;
using Wolverine.Attributes;

namespace Parle.Api.Agents;

/// <summary>Ends everything that a deleted agent had. Sent with its deletion, in one transaction.</summary>
/// <param name="AgentID">The agent that was deleted.</param>
/// <param name="Attribution">The actor who deleted it.</param>
[MessageIdentity("Parle.Api.Agents.EndAgent")] // The name that it is stored under, wherever the type lies.
public sealed record EndAgent(Guid AgentID, Attribution Attribution);

/// <summary>Ends the agent's tokens, sessions and seats, each with an event of its own, and closes its streams and waits.</summary>
public static class EndAgentHandler
{
    /// <summary>Doing it twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">Others write the same, or a writer's queue was full: to be retried.</exception>
    public static async Task Handle(
        EndAgent message, IDocumentStore store, NpgsqlDataSource database, RoomWriters writers, Notifier notifier, TimeProvider clock,
        CancellationToken cancellation)
    {
        notifier.Announce(new Signal(SignalKind.Standing, message.AgentID));
        await EndOwnSessions(message, store, database, clock, cancellation);
        foreach (var roomID in await AgentQueries.RoomsOf(database, message.AgentID, cancellation))
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

    private static async Task EndOwnSessions(
        EndAgent message, IDocumentStore store, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellation)
    {
        var sessions = SessionGroup.OfAgent(message.AgentID);
        for (var attempt = 1; await sessions.Live(database, cancellation) is { Count: > 0 } live; attempt++)
        {
            var now = clock.GetUtcNow();
            await using var session = store.LightweightSession();
            foreach (var (sessionID, version) in live)
            {
                session.AppendAt(sessionID, version, new SessionEnded(SessionEnded.AgentDeleted), now, message.Attribution);
            }

            await session.SaveUnlessLate(attempt, cancellation);
        }
    }
}
