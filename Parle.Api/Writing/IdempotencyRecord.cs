using Npgsql;
using NpgsqlTypes;
using Parle.Projections;

namespace Parle.Api.Writing;

/// <summary>
/// What was answered to named writes (law 3). Kept in the transaction of the facts they report; the primary key decides races.
/// </summary>
/// <param name="Fingerprint">What the write meant; see <see cref="Meaning"/>. Empty once the words are erased of a write that was kept
/// without salts.</param>
/// <param name="Answer">What was answered. Holds neither content nor secrets.</param>
/// <param name="EventID">The fact that it reports; null where it reports none of a room.</param>
public sealed record IdempotencyRecord(byte[] Fingerprint, string Answer, Guid? EventID = null)
{
    /// <summary>The contents that the write brought: each is needed, with its salt, to recognise the write again.</summary>
    public IReadOnlyList<Guid> ContentIDs { get; init; } = [];

    /// <summary>Their salts, in the same order; null when one of them is gone.</summary>
    public IReadOnlyList<byte[]>? Salts { get; init; } = [];

    /// <summary>Whether words that the write brought are erased, so that nobody can tell what it said.</summary>
    public bool WordsAreGone => Fingerprint.Length == 0 || Salts is null;

    /// <summary>
    /// Whether it may be remembered outside of the database. What stands and falls with words may not: they can be erased at any node.
    /// </summary>
    public bool MayBeRemembered => ContentIDs.Count == 0 && (EventID is null || IsSalted);

    private bool IsSalted => Fingerprint.Length == Callers.ServerKey.IDLength + System.Security.Cryptography.SHA256.HashSizeInBytes;

    /// <summary>The answers kept under <paramref name="names"/>.</summary>
    public static async Task<Dictionary<IdempotencyName, IdempotencyRecord>> Find(
        NpgsqlDataSource database, IReadOnlyList<IdempotencyName> names, CancellationToken cancellation)
    {
        if (names.Count == 0)
        {
            return [];
        }

        // Behind a select, how many there are is not the planner's to know: it would plan anew for each count.
        await using var command = database.CreateCommand("""
            select k.room_id, k.author_id, k.action, k.key, k.fingerprint, k.answer, k.event_id, k.content_ids,
                case when k.content_ids <> '{}' then array(
                    select c.salt from unnest(k.content_ids) with ordinality as brought(id, i) join parle.contents c on c.content_id = brought.id order by i) end
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
        while (await rows.ReadAsync(cancellation))
        {
            IReadOnlyList<Guid> brought = rows.IsDBNull(7) ? [] : rows.GetFieldValue<Guid[]>(7);
            IReadOnlyList<byte[]> salts = rows.IsDBNull(8) ? [] : rows.GetFieldValue<byte[][]>(8);
            found[new(rows.GetGuid(0), rows.GetGuid(1), rows.GetString(2), rows.GetString(3))] = new(
                rows.GetFieldValue<byte[]>(4), rows.GetString(5), rows.IsDBNull(6) ? null : rows.GetGuid(6))
            {
                ContentIDs = brought,
                Salts = salts.Count == brought.Count ? salts : null,
            };
        }

        return found;
    }

    /// <summary>Keeps <paramref name="answers"/>, all in one statement.</summary>
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
