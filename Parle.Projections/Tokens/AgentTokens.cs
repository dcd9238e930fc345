using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Tokens;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Tokens;

/// <summary>"What does this token allow, and is it still valid?" Its secret is in <see cref="Tables.Credentials"/>.</summary>
public sealed class AgentTokens : TableProjection
{
    /// <summary>Declares the table.</summary>
    public AgentTokens() => Own(Table("agent_tokens", table =>
    {
        table.AddColumn("token_id", "uuid").AsPrimaryKey();
        table.AddColumn("agent_id", "uuid").NotNull();
        table.AddColumn("room_id", "uuid");
        table.AddColumn("seat_id", "uuid");
        table.AddColumn("invite_id", "uuid");
        table.AddColumn("path", "uuid[]").NotNull().DefaultValueByExpression("'{}'"); // The tokens above it, outermost first.
        table.AddColumn("scopes", "text[]").NotNull();
        table.AddColumn("actions", "text[]");
        table.AddColumn("asks", "uuid[]");
        table.AddColumn("uses", "integer");
        table.AddColumn("created_at", "timestamptz").NotNull();
        table.AddColumn("expires_at", "timestamptz");
        table.AddColumn("revoked_at", "timestamptz");
        table.AddColumn("operators", "uuid[]"); // The operators that minted it, or that stand in the chain of its parent.
        table.Indexes.Add(new IndexDefinition("agent_tokens_invitation") { Columns = ["invite_id"], Predicate = "invite_id is not null" });
        table.Indexes.Add(new IndexDefinition("agent_tokens_agent") { Columns = ["agent_id", "room_id"] });
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
            case AgentTokenMinted minted:
                operations.QueueOperation(new SqlOperation(
                    """
                    insert into parle.agent_tokens (token_id, agent_id, room_id, seat_id, invite_id, path, scopes, actions, asks, uses, created_at, expires_at, operators)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    (fact.StreamId, NpgsqlDbType.Uuid), (minted.AgentID, NpgsqlDbType.Uuid), (minted.RoomID, NpgsqlDbType.Uuid),
                    (minted.SeatID, NpgsqlDbType.Uuid), (minted.InvitationID, NpgsqlDbType.Uuid),
                    (minted.Path.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
                    (minted.Scopes.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
                    (minted.Actions?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
                    (minted.Asks?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid), (minted.Uses, NpgsqlDbType.Integer),
                    (fact.Timestamp, NpgsqlDbType.TimestampTz), (minted.ExpiresAt, NpgsqlDbType.TimestampTz),
                    (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
                break;
            case AgentTokenBound bound:
                operations.QueueSqlCommand(
                    "update parle.agent_tokens set room_id = ?, seat_id = ? where token_id = ?", bound.RoomID, bound.SeatID, fact.StreamId);
                break;
            case AgentTokenRevoked:
                operations.QueueSqlCommand(
                    "update parle.agent_tokens set revoked_at = ? where token_id = ?", fact.Timestamp, fact.StreamId);
                break;
        }
    }
}
