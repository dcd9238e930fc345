using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Sessions;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Sessions;

/// <summary>
/// "Which sessions of an agent are alive?" The time of the last request is not a fact: see <see cref="Tables.SessionActivity"/>.
/// </summary>
public sealed class AgentSessions : TableProjection
{
    /// <summary>Declares the table.</summary>
    public AgentSessions() => Own(Table("agent_sessions", table =>
    {
        table.AddColumn("session_id", "uuid").AsPrimaryKey();
        table.AddColumn("agent_id", "uuid").NotNull();
        table.AddColumn("handle", "text").NotNull();
        table.AddColumn("created_at", "timestamptz").NotNull();
        table.AddColumn("expires_at", "timestamptz").NotNull();
        table.AddColumn("ended_at", "timestamptz");
        table.AddColumn("superseded_at", "timestamptz");
        table.AddColumn("token_id", "uuid"); // Null in rows from before it was recorded, like the next one.
        table.AddColumn("token_path", "uuid[]"); // The tokens above that one, outermost first.
        table.Indexes.Add(new IndexDefinition("agent_sessions_token") { Columns = ["token_id"], Predicate = "token_id is not null" });
        table.Indexes.Add(new IndexDefinition("agent_sessions_live")
        { Columns = ["agent_id", "session_id"], Predicate = "ended_at is null and superseded_at is null" });
    }));

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        foreach (var fact in facts)
        {
            Apply(operations, fact);
        }
    }

    private static void Apply(IDocumentOperations operations, IEvent fact)
    {
        switch (fact.Data)
        {
            case SessionStarted started:
                operations.QueueOperation(new SqlOperation(
                    "insert into parle.agent_sessions (session_id, agent_id, handle, created_at, expires_at, token_id, token_path) values "
                    + "(?, ?, ?, ?, ?, ?, ?)",
                    (fact.StreamId, NpgsqlDbType.Uuid), (started.AgentID, NpgsqlDbType.Uuid), (started.Handle, NpgsqlDbType.Text),
                    (fact.Timestamp, NpgsqlDbType.TimestampTz), (started.ExpiresAt, NpgsqlDbType.TimestampTz),
                    (started.TokenID, NpgsqlDbType.Uuid),
                    (started.TokenID is null ? null : started.TokenPath.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
                break;
            case SessionEnded:
                operations.QueueSqlCommand(
                    "update parle.agent_sessions set ended_at = ? where session_id = ?", fact.Timestamp, fact.StreamId);
                break;
            case SessionSuperseded:
                operations.QueueSqlCommand(
                    "update parle.agent_sessions set superseded_at = ? where session_id = ?", fact.Timestamp, fact.StreamId);
                break;
        }
    }
}
