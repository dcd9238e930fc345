using Marten;
using Npgsql;

namespace Parle.Projections.Principals;

/// <summary>An agent that is not deleted.</summary>
/// <param name="AgentID">The agent.</param>
/// <param name="Handle">Its name among the agents of its principal.</param>
/// <param name="DisplayName">The name that people see.</param>
/// <param name="CreatedAt">The time of its creation.</param>
public sealed record AgentRow(Guid AgentID, string Handle, string DisplayName, DateTimeOffset CreatedAt);

/// <summary>The agents of a principal, seen before one more is created.</summary>
/// <param name="Count">Their number.</param>
/// <param name="HasHandle">Whether one of them has the handle that was asked about.</param>
public sealed record AgentCount(long Count, bool HasHandle);

/// <summary>The place of an agent in a room.</summary>
/// <param name="SeatID">Its seat; null when it has none there.</param>
public sealed record AgentSeat(Guid? SeatID);

/// <summary>Queries of agents, see <see cref="Directory"/>. A deleted agent is in no answer.</summary>
public static class AgentQueries
{
    private const string IsOfSql =
        "select exists (select from parle.agents where agent_id = $1 and principal_id = $2 and deleted_at is null) as is_of";

    private const string ListSql = """
        select agent_id, handle, display_name, created_at from parle.agents
        where principal_id = $1 and deleted_at is null order by created_at, agent_id
        """;

    private const string CountSql = """
        select count(*) as count, coalesce(bool_or(handle = $2), false) as has_handle from parle.agents
        where principal_id = $1 and deleted_at is null
        """;

    private const string RoomsSql = "select room_id from parle.seats where agent_id = $1 and removed_at is null";

    private const string SeatSql = """
        select s.seat_id from parle.rooms r
        left join parle.seats s on s.room_id = r.room_id and s.agent_id = $2 and s.removed_at is null
        where r.room_id = $1 and r.archived_at is null
          and (r.owner_id = $3 or exists (
            select from parle.seats m where m.room_id = r.room_id and m.principal_id = $3 and m.removed_at is null))
        """;

    /// <summary>Whether an agent is one of a principal's.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> IsOf(NpgsqlDataSource database, Guid agentID, Guid principalID, CancellationToken cancellation) =>
        database.Scalar<bool>(IsOfSql, cancellation, agentID, principalID);

    /// <summary>The same within a unit of work.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<bool> IsOf(IQuerySession session, Guid agentID, Guid principalID, CancellationToken cancellation) =>
        session.Scalar<bool>(IsOfSql, cancellation, agentID, principalID);

    /// <summary>The agents of a principal, oldest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<AgentRow>> Of(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) =>
        database.Rows(
            ListSql,
            row => new AgentRow(
                row.Get<Guid>("agent_id"), row.Get<string>("handle"), row.Get<string>("display_name"),
                row.Get<DateTimeOffset>("created_at")),
            cancellation, principalID);

    /// <summary>The ids of a principal's agents, oldest first.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Guid>> IDsOf(NpgsqlDataSource database, Guid principalID, CancellationToken cancellation) =>
        database.Rows(
            "select agent_id from parle.agents where principal_id = $1 and deleted_at is null order by agent_id",
            row => row.Get<Guid>("agent_id"), cancellation, principalID);

    /// <summary>The number of a principal's agents, and whether one has a handle.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="handle">The handle.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<AgentCount> Count(
        IQuerySession session, Guid principalID, string handle, CancellationToken cancellation) =>
        (await session.Rows(
            CountSql, row => new AgentCount(row.Get<long>("count"), row.Get<bool>("has_handle")), cancellation, principalID, handle))[0];

    /// <summary>The rooms in which an agent has a seat.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<IReadOnlyList<Guid>> RoomsOf(NpgsqlDataSource database, Guid agentID, CancellationToken cancellation) =>
        database.Rows(RoomsSql, row => row.Get<Guid>("room_id"), cancellation, agentID);

    /// <summary>The seat of an agent in a room. Null when the principal neither owns the room nor has a seat there.</summary>
    /// <param name="session">The unit of work.</param>
    /// <param name="roomID">The room.</param>
    /// <param name="agentID">The agent.</param>
    /// <param name="principalID">The principal.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<AgentSeat?> SeatIn(
        IQuerySession session, Guid roomID, Guid agentID, Guid principalID, CancellationToken cancellation) =>
        await session.Rows(SeatSql, row => new AgentSeat(row.Get<Guid?>("seat_id")), cancellation, roomID, agentID, principalID)
            is [var seat] ? seat : null;
}
