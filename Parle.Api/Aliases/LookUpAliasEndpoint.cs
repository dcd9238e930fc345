using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Registry;
using Parle.Api.Wire;
using Parle.Domain.Names;
using Parle.Projections.Aliases;

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
    /// <summary>Answers for names that were never claimed too, with generation 0, which the first claim expects.</summary>
    [Serves(typeof(AliasActions), nameof(AliasActions.LookUpAlias))]
    public static async Task<IResult> LookUp(
        string alias, Caller caller, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellation)
    {
        if (SessionAlias.Obstacle(alias) is { } refusal)
        {
            return new RefusalResult(refusal);
        }

        var holder = await AliasQueries.Holder(database, caller.AgentID, alias, clock.GetUtcNow(), cancellation);
        return Results.Json(new LookedUpAlias(alias, holder?.Generation ?? 0, holder?.SessionID), WireJson.Options);
    }
}
