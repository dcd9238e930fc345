using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Names;

namespace Parle.Api.Aliases;

/// <summary>Who goes by an alias of the caller's agent.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Generation">How often it was taken over; 0 when it was never claimed.</param>
/// <param name="CurrentAgentSessionID">The live session that has it; null when none does.</param>
public sealed record LookedUpAlias(string Alias, long Generation, Guid? CurrentAgentSessionID)
{
    /// <summary>An answer as it is sent.</summary>
    public static LookedUpAlias Example { get; } = new("night-shift", 0, null);
}

/// <summary>Looks an alias up, so that a claim can state the generation it has seen.</summary>
public static class LookUpAliasEndpoint
{
    private const string Sql = """
        select sa.generation, s.session_id from parle.session_aliases sa
        left join parle.agent_sessions s on s.session_id = sa.session_id and sa.released_at is null and s.ended_at is null and s.superseded_at is null and s.expires_at > $3
        where sa.agent_id = $1 and sa.alias = $2
        """;

    /// <summary>Answers for names that were never claimed too: with generation 0, which the first claim expects.</summary>
    [Serves(typeof(AliasActions), nameof(AliasActions.LookUpAlias))]
    public static async Task<IResult> LookUp(
        string alias, Caller caller, NpgsqlDataSource database, TimeProvider clock, HttpContext context, CancellationToken cancellation)
    {
        if (SessionAlias.Obstacle(alias) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddRange(
            new NpgsqlParameter[] { new() { Value = caller.AgentID }, new() { Value = alias }, new() { Value = clock.GetUtcNow() } });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            await row.ReadAsync(cancellation)
                ? new LookedUpAlias(alias, row.GetInt64(0), row.IsDBNull(1) ? null : row.GetGuid(1)) : new(alias, 0, null),
            WireJson.Options);
    }
}
