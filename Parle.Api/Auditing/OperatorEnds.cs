using JasperFx;
using Marten;
using Npgsql;
using Parle.Api.Callers;
using Parle.Api.Wakeups;
using Parle.Domain;
using Parle.Domain.Auditing;
using Parle.Domain.Principals;
using Parle.Domain.Tokens;
using Parle.Projections;

namespace Parle.Api.Auditing;

/// <summary>
/// Dismisses operators, and with each what it made: operators, auditors, people's sessions, tokens, linked identities, and whatever was
/// made with those. Nobody is let in by any of it from the moment of the dismissal on (<see cref="Operator.NoneDismissed"/>); the ends are
/// recorded after it, one by one.
/// </summary>
public sealed class OperatorEnds(IDocumentStore store, NpgsqlDataSource database, Notifier notifier, TimeProvider clock)
{
    private const int MaxAttempts = 1000;

    private const string DismissSql = """
        select 'operator', o.operator_id, null::uuid, null, null from parle.operators o where o.revoked_at is null and (o.operator_id = $1 or o.operators @> array[$1])
        union all
        select 'identity', i.principal_id, i.principal_id, i.kind, i.hash from parle.identities i where i.operators @> array[$1]
        """;

    private const string RestSql = """
        select * from (
            select 'auditor', a.auditor_id, r.owner_id, null::text, null::text from parle.auditors a join parle.rooms r using (room_id) where a.revoked_at is null and a.operators @> array[$1]
            union all
            select 'session', s.session_id, s.principal_id, null, null from parle.person_sessions s where s.ended_at is null and s.expires_at > now() and s.operators @> array[$1]
            union all
            select 'token', t.token_id, a.principal_id, null, null from parle.agent_tokens t join parle.agents a using (agent_id) where t.revoked_at is null and t.operators @> array[$1]) as made
        limit 200
        """;

    /// <summary>Does it. Doing it twice changes nothing the second time.</summary>
    /// <param name="operatorID">Which operator.</param>
    /// <param name="by">Who dismisses it.</param>
    public async Task Dismiss(Guid operatorID, Attribution by)
    {
        await End(operatorID, DismissSql, by);
        while (await End(operatorID, RestSql, by) > 0)
        {
            // Until nothing is left.
        }
    }

    private async Task<int> End(Guid operatorID, string sql, Attribution by)
    {
        for (var attempt = 1; ; attempt++)
        {
            var made = await Find(sql, operatorID);
            if (made.Count == 0)
            {
                return 0;
            }

            var now = clock.GetUtcNow();
            await using var session = store.LightweightSession();
            foreach (var (kind, id, principalID, what, hash) in made)
            {
                object end = kind switch
                {
                    "operator" => new OperatorDismissed(),
                    "identity" => new IdentityUnlinked(what!, hash!),
                    "auditor" => new AuditorDismissed(),
                    "session" => new PersonSessionEnded(),
                    _ => new AgentTokenRevoked(),
                };
                session.Events.Append(
                    id, session.BuildFact(end, Guid.CreateVersion7(now), now, by with { PrincipalID = principalID ?? by.PrincipalID }));
            }

            try
            {
                await session.SaveChangesAsync();
            }
            catch (ConcurrencyException) when (attempt < MaxAttempts)
            {
                continue; // Somebody else ends one of them too.
            }

            notifier.Announce([.. made.Select(one => new Signal(SignalKind.Standing, one.ID))]);
            return made.Count;
        }
    }

    private async Task<IReadOnlyList<(string Kind, Guid ID, Guid? PrincipalID, string? What, string? Hash)>> Find(
        string sql, Guid operatorID)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = operatorID });
        var found = new List<(string, Guid, Guid?, string?, string?)>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            found.Add((rows.GetString(0), rows.GetGuid(1), rows.IsDBNull(2) ? null : rows.GetGuid(2),
                rows.IsDBNull(3) ? null : rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4)));
        }

        return found;
    }
}
