using Npgsql;

namespace Parle.Projections.Sessions;

/// <summary>
/// Sessions that end with a seat, a room or an agent. A session that is in another room with a token of its own there does not end with a
/// seat or a room.
/// </summary>
public sealed class SessionGroup
{
    private const string IsLive = "s.ended_at is null and s.superseded_at is null and s.expires_at > now()";

    private const string IsStillPresent =
        "s.ended_at is not null and exists (select from parle.participants p where p.session_id = s.session_id and p.left_at is null)";

    private const string GoesOnElsewhere = """
        exists (
            select from parle.participants p join parle.seats there on there.seat_id = p.seat_id and there.removed_at is null
            join parle.agent_tokens t on t.agent_id = s.agent_id and t.room_id = p.room_id and t.revoked_at is null
                and (t.expires_at is null or t.expires_at > now())
            where p.session_id = s.session_id and p.left_at is null)
        """;

    private const string IsOfSeat = $"""
        s.token_id in (
            select t.token_id from parle.seats seat
            join parle.agent_tokens t on t.agent_id = seat.agent_id and t.seat_id = seat.seat_id where seat.seat_id = $1)
        and not {GoesOnElsewhere}
        """;

    private const string IsOfRoom = $"""
        s.token_id in (
            select t.token_id from parle.agent_tokens t
            where t.agent_id in (select seat.agent_id from parle.seats seat where seat.room_id = $1) and t.room_id = $1)
        and not {GoesOnElsewhere}
        """;

    private const string IsOfGuest = """
        s.agent_id in (select guest.agent_id from parle.agents a join parle.agents guest using (principal_id) where a.agent_id = $1)
        and s.token_path && array(select t.token_id from parle.agent_tokens t where t.agent_id = $1)
        """;

    private readonly string condition;
    private readonly Guid id;

    private SessionGroup(string condition, Guid id) => (this.condition, this.id) = (condition, id);

    /// <summary>The sessions of one agent.</summary>
    /// <param name="agentID">The agent.</param>
    public static SessionGroup OfAgent(Guid agentID) => new("s.agent_id = $1", agentID);

    /// <summary>The sessions that other agents of the same principal started below a token of this agent.</summary>
    /// <param name="agentID">This agent.</param>
    public static SessionGroup OfGuestsOf(Guid agentID) => new(IsOfGuest, agentID);

    /// <summary>The sessions of a seat's tokens.</summary>
    /// <param name="seatID">The seat.</param>
    public static SessionGroup OfSeat(Guid seatID) => new(IsOfSeat, seatID);

    /// <summary>The sessions of a room's tokens.</summary>
    /// <param name="roomID">The room.</param>
    public static SessionGroup OfRoom(Guid roomID) => new(IsOfRoom, roomID);

    /// <summary>The live sessions of the group.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<SessionVersion>> Live(NpgsqlDataSource database, CancellationToken cancellation) =>
        Find(IsLive, database, cancellation);

    /// <summary>The sessions of the group that were ended and are still present in a room.</summary>
    /// <param name="database">The pool.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<SessionVersion>> StillPresent(NpgsqlDataSource database, CancellationToken cancellation) =>
        Find(IsStillPresent, database, cancellation);

    private Task<IReadOnlyList<SessionVersion>> Find(string state, NpgsqlDataSource database, CancellationToken cancellation) =>
        database.Rows(
            $"""
            select s.session_id, m.version from parle.agent_sessions s join parle.mt_streams m on m.id = s.session_id
            where {state} and {condition} order by s.session_id
            """,
            AgentSessionQueries.VersionRow, cancellation, id);
}
