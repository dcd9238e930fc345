using System.Data.Common;
using Marten;
using Npgsql;
using NpgsqlTypes;
using Parle.Projections;
using Parle.Projections.Invitations;

namespace Parle.Api.Callers;

/// <summary>
/// Secrets that a repeated mint is answered with again (law 3). Each is random, and lies closed under the server key as long as what it
/// opens lives. So neither the server key with all ids that anybody sees, nor the database alone, tells one; and a secret that was revoked
/// is nowhere any more.
/// </summary>
public sealed class MintedSecrets(NpgsqlDataSource database, ServerKey server)
{
    // What opens something still. The triggers that forget a secret with its end, and its expiry, are not relied upon.
    private static readonly string Sql = $"""
        select m.box, array(select c.hash from parle.credentials c where c.subject_id = $1)
        from (select 1) as one left join parle.minted_secrets m on m.subject_id = $1
        where exists (
            select from parle.agent_tokens t join parle.agents a using (agent_id)
            where t.token_id = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now()) and a.deleted_at is null and {Operator.NoneDismissed("t.operators")}
              and not exists (select from parle.seats s where s.seat_id = t.seat_id and s.removed_at is not null)
              and not exists (select from parle.agent_tokens above where above.token_id = any(t.path) and (above.revoked_at is not null or above.expires_at <= now())))
        or exists (select from parle.person_sessions s where s.session_id = $1 and s.ended_at is null and s.expires_at > now() and {Operator.NoneDismissed("s.operators")})
        or exists (select from parle.auditors a where a.auditor_id = $1 and a.revoked_at is null and (a.expires_at is null or a.expires_at > now()) and {Operator.NoneDismissed("a.operators")})
        or exists (select from parle.operators o where o.operator_id = $1 and o.revoked_at is null and (o.expires_at is null or o.expires_at > now()) and {Operator.NoneDismissed("o.operators")})
        or exists (select from parle.invitations i where i.invitation_id = $1 and i.kind = 'key' and i.state = 'open' and i.expires_at > now() and not {InvitationDirectory.MinterIsOver})
        """;

    /// <summary>
    /// Keeps a secret that opens <paramref name="subjectID"/>: its hash to be found by, and the secret itself for whoever repeats the
    /// request.
    /// </summary>
    /// <param name="session">The unit of work, which begins what the secret opens.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="prefix">Its prefix.</param>
    /// <param name="subjectID">What it opens.</param>
    /// <param name="expiresAt">When that is over at the latest; null for never.</param>
    public void Keep(IDocumentSession session, Secret secret, string prefix, Guid subjectID, DateTimeOffset? expiresAt)
    {
        session.QueueOperation(Credentials.Keep(server, secret, subjectID));
        KeepToTell(session, secret, prefix, subjectID, expiresAt);
    }

    /// <summary>Keeps the secret alone, where its hash is kept already.</summary>
    /// <param name="session">See above.</param>
    /// <param name="secret">See above.</param>
    /// <param name="prefix">See above.</param>
    /// <param name="subjectID">See above.</param>
    /// <param name="expiresAt">See above.</param>
    public void KeepToTell(IDocumentSession session, Secret secret, string prefix, Guid subjectID, DateTimeOffset? expiresAt) =>
        session.QueueOperation(new SqlOperation(
            """
            with gone as (
                delete from parle.minted_secrets where subject_id in (
                    select subject_id from parle.minted_secrets where expires_at < now() order by expires_at limit 20 for update skip locked))
            insert into parle.minted_secrets (subject_id, box, key_id, expires_at) values (?, ?, ?, ?)
            """,
            (subjectID, NpgsqlDbType.Uuid), (server.Close(secret.Bytes(prefix), About(prefix, subjectID)), NpgsqlDbType.Bytea),
            (server.ID, NpgsqlDbType.Bytea), (expiresAt, NpgsqlDbType.TimestampTz)));

    /// <summary>The secret that opens <paramref name="subjectID"/>; null when that is over, or was never kept to be told again.</summary>
    public async Task<Secret?> Find(string prefix, Guid subjectID, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = subjectID });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await Read(rows, prefix, subjectID, cancellation);
    }

    /// <summary>The same, over the connection of a unit of work.</summary>
    public async Task<Secret?> Find(IDocumentSession session, string prefix, Guid subjectID, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql) { Parameters = { new() { Value = subjectID } } };
        await using var rows = await session.ExecuteReaderAsync(command, cancellation);
        return await Read(rows, prefix, subjectID, cancellation);
    }

    private async Task<Secret?> Read(DbDataReader rows, string prefix, Guid subjectID, CancellationToken cancellation)
    {
        if (!await rows.ReadAsync(cancellation))
        {
            return null;
        }

        if (!rows.IsDBNull(0))
        {
            return server.Open(rows.GetFieldValue<byte[]>(0), About(prefix, subjectID)) is { } bytes ? Secret.Of(prefix, bytes) : null;
        }

        // Versions of before computed secrets from ids. Whether this one was, its hash says.
        var hashes = rows.GetFieldValue<byte[][]>(1);
        return server.All.Select(key => key.FormerSecretOf(prefix, subjectID))
            .Where(former => server.All.Any(key => hashes.Any(hash => hash.AsSpan().SequenceEqual(key.HashOf(former)))))
            .Cast<Secret?>().FirstOrDefault();
    }

    /// <summary>What a closed secret belongs to.</summary>
    internal static string About(string prefix, Guid subjectID) => $"{prefix}{subjectID:N}";
}
