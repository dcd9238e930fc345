using Npgsql;

namespace Parle.Projections.Tokens;

/// <summary>Writes <see cref="Tables.TokenActivity"/>, which no event builds.</summary>
public static class TokenActivityRows
{
    private const string KeepSql = """
        insert into parle.token_activity (token_id, last_used_at) select * from unnest($1, $2)
        on conflict (token_id) do update set last_used_at = excluded.last_used_at where token_activity.last_used_at <= $3
        """;

    /// <summary>Keeps uses of tokens, but for a token of which a later use than <paramref name="unlessAfter"/> is stored.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="usedAt">The last use of each.</param>
    /// <param name="unlessAfter">See above.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task Keep(
        NpgsqlDataSource database, Guid[] tokens, DateTimeOffset[] usedAt, DateTimeOffset unlessAfter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(KeepSql);
        command.Parameters.Add(new() { Value = tokens });
        command.Parameters.Add(new() { Value = usedAt });
        command.Parameters.Add(new() { Value = unlessAfter });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
