using Npgsql;
using NpgsqlTypes;
using Parle.Projections;

namespace Parle.Api.Writing;

/// <summary>The kept answer of a named write (law 3). Stored in the transaction of its facts; the primary key decides races.</summary>
/// <param name="Fingerprint">The write's meaning; see <see cref="Meaning"/>. Empty if its content is erased and it was stored without
/// salts.</param>
/// <param name="Answer">The answer. Holds neither content nor secrets.</param>
/// <param name="EventID">The fact that it reports; null when it reports no fact of a room.</param>
public sealed record IdempotencyRecord(byte[] Fingerprint, string Answer, Guid? EventID = null)
{
    /// <summary>The contents that the write brought. Recognising the write again takes each one's salt.</summary>
    public IReadOnlyList<Guid> ContentIDs { get; init; } = [];

    /// <summary>Their salts, in the same order; null when one is erased.</summary>
    public IReadOnlyList<byte[]>? Salts { get; init; } = [];

    /// <summary>Whether content of the write is erased, so that its meaning can no longer be compared.</summary>
    public bool IsContentErased => Fingerprint.Length == 0 || Salts is null;

    /// <summary>Whether it may be cached. A record that depends on content may not, because another node can erase the content.</summary>
    public bool MayBeRemembered => ContentIDs.Count == 0 && (EventID is null || IsSalted);

    private bool IsSalted => Fingerprint.Length == Callers.ServerKey.IDLength + System.Security.Cryptography.SHA256.HashSizeInBytes;

    /// <summary>The records stored under <paramref name="names"/>.</summary>
    public static async Task<Dictionary<IdempotencyName, IdempotencyRecord>> Find(
        NpgsqlDataSource database, IReadOnlyList<IdempotencyName> names, CancellationToken cancellation)
    {
        if (names.Count == 0)
        {
            return [];
        }

        // The select hides the array's length, so PostgreSQL keeps one generic plan.
        await using var command = database.CreateCommand("""
            select k.room_id, k.author_id, k.action, k.key, k.fingerprint, k.answer, k.event_id, k.content_ids,
                case when k.content_ids <> '{}' then array(
                    select c.salt from unnest(k.content_ids) with ordinality as brought(id, i) join parle.contents c on c.content_id = brought.id order by i) end as salts
            from unnest((select $1), (select $2), (select $3), (select $4)) as q(room_id, author_id, action, key)
            cross join lateral (
                select * from parle.kept_answers k
                where k.room_id = q.room_id and k.author_id = q.author_id and k.action = q.action and k.key = q.key limit 1) as k
            """);
        command.Parameters.Add(Array(names, name => name.RoomID, NpgsqlDbType.Uuid));
        command.Parameters.Add(Array(names, name => name.AuthorID, NpgsqlDbType.Uuid));
        command.Parameters.Add(Array(names, name => name.Action, NpgsqlDbType.Text));
        command.Parameters.Add(Array(names, name => name.Key, NpgsqlDbType.Text));
        var found = new Dictionary<IdempotencyName, IdempotencyRecord>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var row = new Row(rows);
        while (await rows.ReadAsync(cancellation))
        {
            Guid[] brought = row.Get<Guid[]?>("content_ids") ?? [];
            byte[][] salts = row.Get<byte[][]?>("salts") ?? [];
            found[new(row.Get<Guid>("room_id"), row.Get<Guid>("author_id"), row.Get<string>("action"), row.Get<string>("key"))] = new(
                row.Get<byte[]>("fingerprint"), row.Get<string>("answer"), row.Get<Guid?>("event_id"))
            {
                ContentIDs = brought,
                Salts = salts.Length == brought.Length ? salts : null,
            };
        }

        return found;
    }

    /// <summary>Stores <paramref name="answers"/> in one statement.</summary>
    public static SqlOperation Keep(IReadOnlyList<(IdempotencyName Name, IdempotencyRecord Answer)> answers, DateTimeOffset at) => new(
        """
        insert into parle.kept_answers (room_id, author_id, action, key, fingerprint, answer, event_id, content_ids, kept_at)
        select room_id, author_id, action, key, fingerprint, answer, event_id, coalesce(string_to_array(brought, ','), '{}')::uuid[], ?
        from unnest(?, ?, ?, ?, ?, ?, ?, ?) as q(room_id, author_id, action, key, fingerprint, answer, event_id, brought)
        """,
        (at, NpgsqlDbType.TimestampTz),
        (answers.Select(kept => kept.Name.RoomID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (answers.Select(kept => kept.Name.AuthorID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        (answers.Select(kept => kept.Name.Action).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
        (answers.Select(kept => kept.Name.Key).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
        (answers.Select(kept => kept.Answer.Fingerprint).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bytea),
        (answers.Select(kept => kept.Answer.Answer).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
        (answers.Select(kept => kept.Answer.EventID).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        // unnest would flatten arrays of arrays.
        (answers.Select(kept => kept.Answer.ContentIDs.Count == 0 ? null : string.Join(',', kept.Answer.ContentIDs)).ToArray(),
            NpgsqlDbType.Array | NpgsqlDbType.Text));

    private static NpgsqlParameter Array<T>(IReadOnlyList<IdempotencyName> names, Func<IdempotencyName, T> column, NpgsqlDbType type) =>
        new() { Value = names.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
