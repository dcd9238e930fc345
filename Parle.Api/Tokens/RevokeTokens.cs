using Marten;
using Npgsql;
using Parle.Api.Wakeups;
using Parle.Api.Writing;
using Parle.Domain;
using Parle.Domain.Tokens;
using Parle.Projections.Tokens;
using Wolverine.Attributes;

namespace Parle.Api.Tokens;

/// <summary>Revokes the tokens of a room or of an agent that is no more. Sent with its end, in one transaction.</summary>
/// <param name="RoomID">The room that was archived; null for none.</param>
/// <param name="AgentID">The agent that was deleted; null for none.</param>
/// <param name="Attribution">The actor who ended it.</param>
[MessageIdentity("Parle.Api.Tokens.RevokeTokens")] // The name that it is stored under, wherever the type lies.
public sealed record RevokeTokens(Guid? RoomID, Guid? AgentID, Attribution Attribution)
{
    /// <summary>Revokes the tokens that open a room.</summary>
    public static RevokeTokens Of(Guid roomID, Attribution cause) => new(roomID, null, cause);
}

/// <summary>Revokes the tokens, each with an event of its own.</summary>
public static class RevokeTokensHandler
{
    private const int MaxTogether = 100;

    /// <summary>Doing it twice changes nothing, so it may be tried as often as needed.</summary>
    /// <exception cref="TimeoutException">Others write the same, or a writer's queue was full: to be retried.</exception>
    public static async Task Handle(RevokeTokens message, IDocumentStore store, NpgsqlDataSource database, Notifier notifier,
        TimeProvider clock, CancellationToken cancellation)
    {
        for (var attempt = 1; await Unrevoked(message, database, cancellation) is { Count: > 0 } tokens; attempt++)
        {
            var now = clock.GetUtcNow();
            await using var session = store.LightweightSession();
            foreach (var (tokenID, version) in tokens)
            {
                session.AppendAt(tokenID, version, new AgentTokenRevoked(), now, message.Attribution);
            }

            await session.SaveUnlessLate(attempt, cancellation);
            notifier.Announce([.. tokens.Select(token => new Signal(SignalKind.Standing, token.TokenID))]);
        }
    }

    private static Task<IReadOnlyList<TokenVersion>> Unrevoked(
        RevokeTokens message, NpgsqlDataSource database, CancellationToken cancellation) =>
        message.RoomID is { } roomID ? TokenQueries.UnrevokedOfRoom(database, roomID, MaxTogether, cancellation)
        : TokenQueries.UnrevokedOfAgent(database, message.AgentID!.Value, MaxTogether, cancellation);
}
