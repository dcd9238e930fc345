using Marten;
using Npgsql;
using Parle.Api.Contract;
using Parle.Domain;

namespace Parle.Api.Tokens;

/// <summary>How many tokens of one principal's agents can be good at the same time.</summary>
public sealed class TokenQuota(IConfiguration configuration)
{
    /// <summary>Tokens of a principal, unless configured otherwise. 0 stands for any number.</summary>
    public const int Default = 1000;

    private const string Sql = """
        select count(*) from parle.agent_tokens t join parle.agents a using (agent_id)
        left join parle.rooms r on r.room_id = t.room_id left join parle.seats s on s.seat_id = t.seat_id
        where a.principal_id = $1 and a.deleted_at is null and r.archived_at is null and s.removed_at is null and (t.expires_at is null or t.expires_at > now())
          and not exists (select from parle.agent_tokens above where above.token_id = any(t.path || t.token_id) and above.revoked_at is not null)
        """;

    private readonly int limit = Limits.Of(configuration, "TokensPerPrincipal", Default);

    /// <summary>Why there can be no more; null when there can. Exact for whoever has the principal's turn.</summary>
    public async Task<Refusal?> Obstacle(IDocumentSession session, Guid principalID) => limit == 0 ? null : Obstacle(await session.Ask<long>(Sql, principalID));

    /// <summary>The same as far as it can be known without a turn.</summary>
    public async Task<Refusal?> Obstacle(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation)
    {
        if (limit == 0)
        {
            return null;
        }

        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = principalID });
        return Obstacle((long)(await command.ExecuteScalarAsync(cancellation))!);
    }

    private Refusal? Obstacle(long used) => used < limit ? null
        : Refusals.TokenQuotaExceeded with { Cap = new("tokens_per_principal", used, limit, "Revoke tokens that are not needed any more.") };
}
