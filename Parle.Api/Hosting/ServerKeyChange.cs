using Npgsql;
using NpgsqlTypes;
using Parle.Api.Callers;
using Parle.Api.Record;

namespace Parle.Api.Hosting;

/// <summary>A server key that something in the database is kept under, and how much of it.</summary>
/// <param name="Key">Its public name.</param>
/// <param name="Since">Since when it is written under; null for that of a database from before keys could be replaced.</param>
/// <param name="Retired">Whether nothing is read under it any more.</param>
/// <param name="Here">Whether this process has it.</param>
/// <param name="Credentials">Live tokens and sessions that were not used since a newer key: they open nothing without this one.</param>
/// <param name="Identities">People's identities that were not proved since then: they are not recognised without this one.</param>
/// <param name="Secrets">Secrets kept for repeated requests, closed under it.</param>
/// <param name="SigningKeys">Signing keys closed or sealed under it.</param>
public sealed record ServerKeyUse(
    string Key, DateTimeOffset? Since, bool Retired, bool Here, long Credentials, long Identities, long Secrets, long SigningKeys)
{
    /// <summary>Whether anything is lost without it.</summary>
    public bool IsNeeded => Credentials + Identities + Secrets + SigningKeys > 0;
}

/// <summary>
/// Replaces the server key: says what needs which one, closes anew what the service can open by itself, and lets the old one go.
/// </summary>
public sealed class ServerKeyChange(NpgsqlDataSource database, ServerKey server, SigningKeys signing)
{
    // Rows from before keys could be replaced name none: they are the first key's. What is live is what MintedSecrets and the look-ups take
    // for it.
    private const string UseSql = """
        with keys as (
            select substr(check_value, 1, 8) as id, check_value, since, retired_at, row_number() over (order by since) = 1 as is_first, row_number() over (order by since desc) = 1 as is_newest from parle.server_keys),
        newest as (select id from keys where is_newest),
        live as (
            select token_id as id from parle.agent_tokens where revoked_at is null and (expires_at is null or expires_at > now())
            union all select session_id from parle.agent_sessions where ended_at is null and superseded_at is null and expires_at > now()
            union all select session_id from parle.person_sessions where ended_at is null and expires_at > now()
            union all select auditor_id from parle.auditors where revoked_at is null and (expires_at is null or expires_at > now())
            union all select operator_id from parle.operators where revoked_at is null and (expires_at is null or expires_at > now())
            union all select invitation_id from parle.invitations where kind = 'key' and state = 'open' and expires_at > now()),
        held as (
            select distinct c.subject_id, coalesce(c.key_id, (select id from keys where is_first)) as id from parle.credentials c join live on live.id = c.subject_id)
        select encode(k.id, 'hex'), k.check_value, k.since, k.retired_at is not null,
            (select count(*) from held h where h.id = k.id and not exists (select from held n where n.subject_id = h.subject_id and n.id = (select id from newest) and n.id <> k.id)),
            (select count(*) from parle.identities i where coalesce(i.key_id, (select encode(id, 'hex') from keys where is_first)) = encode(k.id, 'hex')),
            (select count(*) from parle.minted_secrets m where m.key_id = k.id and (m.expires_at is null or m.expires_at > now()))
        from keys k order by k.since
        """;

    /// <summary>The keys, oldest first.</summary>
    public async Task<IReadOnlyList<ServerKeyUse>> Status(CancellationToken cancellation)
    {
        var uses = new List<ServerKeyUse>();
        var sealedUnder = await signing.SealedUnder(cancellation);
        await using var command = database.CreateCommand(UseSql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var check = rows.GetFieldValue<byte[]>(1);
            var here = server.All.FirstOrDefault(key => key.CheckValue().AsSpan().SequenceEqual(check));
            var since = rows.GetFieldValue<DateTime>(2);
            uses.Add(new(
                rows.GetString(0), since == DateTime.MinValue ? null : new(DateTime.SpecifyKind(since, DateTimeKind.Utc)),
                rows.GetBoolean(3), here is not null, rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6),
                here is null ? 0 : sealedUnder.Count(key => key == here)));
        }

        return uses;
    }

    /// <summary>
    /// Closes under the key that is written under whatever can be opened without anybody: kept secrets and signing keys. Can be broken off
    /// and run again.
    /// </summary>
    public async Task Reseal(CancellationToken cancellation)
    {
        while (await ResealSome(cancellation))
        {
        }

        await signing.Reseal(cancellation);
    }

    /// <summary>
    /// Lets go of all keys but the one that is written under. Refused, with what would be lost, while something needs one, unless that is
    /// wanted.
    /// </summary>
    public async Task<IReadOnlyList<ServerKeyUse>> Retire(bool force, CancellationToken cancellation)
    {
        var others = (await Status(cancellation)).Where(use => !use.Retired && use.Key != Convert.ToHexStringLower(server.ID)).ToList();
        if (!force && others.Exists(use => use.IsNeeded))
        {
            return [.. others.Where(use => use.IsNeeded)];
        }

        await using var command = database.CreateCommand(
            "update parle.server_keys set retired_at = now() where check_value <> $1 and retired_at is null");
        command.Parameters.Add(new() { Value = server.CheckValue() });
        await command.ExecuteNonQueryAsync(cancellation);
        return [];
    }

    // The subject is all that a secret is closed for besides its prefix, which only its kind knows: each is tried.
    private async Task<bool> ResealSome(CancellationToken cancellation)
    {
        var found = new List<(Guid Subject, byte[] Box)>();
        await using (var read = database.CreateCommand("select subject_id, box from parle.minted_secrets where key_id = any($1) limit 500"))
        {
            read.Parameters.Add(new()
            { Value = server.Others.Select(other => other.ID).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
            await using var rows = await read.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                found.Add((rows.GetGuid(0), rows.GetFieldValue<byte[]>(1)));
            }
        }

        foreach (var (subject, box) in found)
        {
            var about = Prefixes.Select(prefix => MintedSecrets.About(prefix, subject))
                .FirstOrDefault(about => server.Open(box, about) is not null)
                ?? throw new InvalidOperationException($"The secret of {subject} is closed under none of the keys that are here.");
            await using var write = database.CreateCommand(
                "update parle.minted_secrets set box = $2, key_id = $3 where subject_id = $1 and box = $4");
            write.Parameters.AddRange(new NpgsqlParameter[]
            {
                new() { Value = subject }, new() { Value = server.Close(server.Open(box, about)!, about) }, new() { Value = server.ID },
                new() { Value = box }
            });
            await write.ExecuteNonQueryAsync(cancellation);
        }

        return found.Count > 0;
    }

    private static readonly string[] Prefixes =
        [Secret.TokenPrefix, Secret.PersonPrefix, Secret.JoinPrefix, Secret.AuditorPrefix, Secret.OperatorPrefix];
}
