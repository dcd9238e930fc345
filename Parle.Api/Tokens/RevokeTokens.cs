using JasperFx;
using Marten;
using Npgsql;
using Parle.Api.Wakeups;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections;
using Wolverine.Attributes;

namespace Parle.Api.Tokens;

/// <summary>The tokens of something that is no more are revoked. Sent with its end, in one transaction.</summary>
/// <param name="RoomID">The room that was archived; null when it is not about one.</param>
/// <param name="AgentID">The agent that was deleted; null when it is not about one.</param>
/// <param name="Attribution">Who ended it.</param>
[MessageIdentity("Parle.Api.Tokens.RevokeTokens")] // The name that it is stored under, wherever the type lies.
public sealed record RevokeTokens(Guid? RoomID, Guid? AgentID, Attribution Attribution)
{
    /// <summary>Those that open a room.</summary>
    public static RevokeTokens Of(Guid roomID, Attribution cause) => new(roomID, null, cause);
}

/// <summary>Revokes them, each with a fact of its own.</summary>
public static class RevokeTokensHandler
{
    private const int MaxTogether = 100;
    private const int MaxAttempts = 1000;

    /// <summary>Doing it twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">Somebody else was writing the same tokens: to be tried again.</exception>
    public static async Task Handle(RevokeTokens message, IDocumentStore store, NpgsqlDataSource database, Notifier notifier,
        TimeProvider clock, CancellationToken cancellation)
    {
        for (var attempt = 1; await Live(message, database, cancellation) is { Count: > 0 } tokens; attempt++)
        {
            var now = clock.GetUtcNow();
            await using var session = store.LightweightSession();
            foreach (var (tokenID, version) in tokens)
            {
                session.Events.Append(tokenID, session.BuildFact(
                    new AgentTokenRevoked(), Guid.CreateVersion7(now), now, message.Attribution)).ExpectedVersionOnServer = version;
            }

            try
            {
                await session.SaveChangesAsync(cancellation);
            }
            catch (ConcurrencyException) when (attempt < MaxAttempts)
            {
                continue; // Somebody else revokes them too.
            }
            catch (ConcurrencyException busy)
            {
                throw new TimeoutException("Somebody else writes these tokens.", busy);
            }

            notifier.Announce([.. tokens.Select(token => new Signal(SignalKind.Standing, token.TokenID))]);
        }
    }

    private static async Task<IReadOnlyList<(Guid TokenID, long Version)>> Live(
        RevokeTokens message, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            select t.token_id, s.version from parle.agent_tokens t join parle.mt_streams s on s.id = t.token_id
            where t.{(message.RoomID is null ? "agent_id" : "room_id")} = $1 and t.revoked_at is null order by t.token_id limit {MaxTogether}
            """);
        command.Parameters.Add(new() { Value = message.RoomID ?? message.AgentID!.Value });
        var tokens = new List<(Guid, long)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            tokens.Add((rows.GetGuid(0), rows.GetInt64(1)));
        }

        return tokens;
    }
}
