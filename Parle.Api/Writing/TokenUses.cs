using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Domain;

namespace Parle.Api.Writing;

/// <summary>The uses of tokens with a bound on uses. One fact is one use of the token, and of each token above it.</summary>
public static class TokenUses
{
    private const string Action = "token_use";

    /// <summary>The budgets that a write of <paramref name="caller"/> takes from; none for most callers, and for people.</summary>
    public static IReadOnlyList<UsageBudget> Of(Caller? caller) => caller is null ? [] :
        [.. caller.BoundedUses.Select(token => new UsageBudget(
            [.. Enumerable.Range(0, token.Uses).Select(i => Name(caller.RoomID, token.TokenID, i))], Refusals.TokenUsedUp))];

    /// <summary>
    /// The refusal of any write of <paramref name="caller"/>; null when one is possible. For affordances: an attempt finds out when it is
    /// decided.
    /// </summary>
    public static async Task<Refusal?> Obstacle(NpgsqlDataSource database, Caller caller, CancellationToken cancellation)
    {
        if (caller.BoundedUses.Count == 0)
        {
            return null;
        }

        await using var command = database.CreateCommand("""
            select exists (
                select from unnest($2, $3) as t(token_id, uses)
                where (select count(*) from parle.kept_answers k where k.room_id = $1 and k.author_id = t.token_id and k.action = $4) >= t.uses)
            """);
        command.Parameters.Add(new() { Value = caller.RoomID });
        command.Parameters.Add(new()
        { Value = caller.BoundedUses.Select(token => token.TokenID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new()
        { Value = caller.BoundedUses.Select(token => token.Uses).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = Action });
        return (bool)(await command.ExecuteScalarAsync(cancellation))! ? Refusals.TokenUsedUp : null;
    }

    private static IdempotencyName Name(Guid roomID, Guid tokenID, int use) =>
        new(roomID, tokenID, Action, use.ToString(CultureInfo.InvariantCulture));
}
