using Npgsql;

namespace Parle.Projections.Record;

/// <summary>The name of somebody that a fact names by an id.</summary>
/// <param name="ID">The id.</param>
/// <param name="Kind"><c>principal</c>, <c>agent</c>, <c>seat</c> or <c>participant</c>.</param>
/// <param name="Address">The address. It cannot change: handles and addresses are given once.</param>
public sealed record NameInRoom(Guid ID, string Kind, string Address);

/// <summary>"Who is that?" Only those who have, or had, a seat in the room, or own it, are named.</summary>
public static class NamedInRoom
{
    private const string Sql = """
        with q as (select id, position from unnest($2::uuid[]) with ordinality as u(id, position))
        select id, kind, address from (
            select q.id, q.position, 'principal' as kind, '@' || p.handle as address
            from q join parle.principals p on p.principal_id = q.id
            where exists (select from parle.seats s where s.room_id = $1 and s.principal_id = q.id)
               or exists (select from parle.rooms r where r.room_id = $1 and r.owner_id = q.id)
            union all
            select q.id, q.position, 'agent', '@' || p.handle || '.' || a.handle
            from q join parle.agents a on a.agent_id = q.id join parle.principals p on p.principal_id = a.principal_id
            where exists (select from parle.seats s where s.room_id = $1 and s.agent_id = q.id)
            union all
            select q.id, q.position, 'seat', '@' || p.handle || coalesce('.' || a.handle, '')
            from q join parle.seats s on s.seat_id = q.id and s.room_id = $1
            join parle.principals p on p.principal_id = s.principal_id left join parle.agents a on a.agent_id = s.agent_id
            union all
            select q.id, q.position, 'participant', c.address
            from q join parle.participants c on c.participant_id = q.id and c.room_id = $1) as named
        order by position
        """;

    /// <summary>The names of ids, in their order; an id without a name is left out.</summary>
    /// <param name="database">The database.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="ids">The ids, each once.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<NameInRoom>> Of(
        NpgsqlDataSource database, Guid roomID, IReadOnlyList<Guid> ids, CancellationToken cancellation) => database.Rows(
            Sql, row => new NameInRoom(row.Get<Guid>("id"), row.Get<string>("kind"), row.Get<string>("address")), cancellation, roomID,
            ids.ToArray());
}
