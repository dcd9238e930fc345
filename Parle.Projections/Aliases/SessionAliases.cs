using JasperFx.Events;
using Marten;
using Parle.Domain.Aliases;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Aliases;

/// <summary>"Which session has this alias, and are messages accepted for it meanwhile?"</summary>
public sealed class SessionAliases : TableProjection
{
    /// <summary>Declares the tables.</summary>
    public SessionAliases()
    {
        Own(Table("session_aliases", table =>
        {
            table.AddColumn("agent_id", "uuid").AsPrimaryKey();
            table.AddColumn("alias", "text").AsPrimaryKey();
            table.AddColumn("generation", "bigint").NotNull();
            table.AddColumn("session_id", "uuid").NotNull();
            table.AddColumn("claimed_at", "timestamptz");
            table.AddColumn("offline_delivery", "boolean").NotNull();
            table.AddColumn("released_at", "timestamptz");
            table.Indexes.Add(new IndexDefinition("session_aliases_held")
            { Columns = ["session_id"], IsUnique = true, Predicate = "released_at is null" });
        }));
        Own(Table("session_alias_closed_rooms", table =>
        {
            table.AddColumn("agent_id", "uuid").AsPrimaryKey();
            table.AddColumn("alias", "text").AsPrimaryKey();
            table.AddColumn("room_id", "uuid").AsPrimaryKey();
        }));
    }

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
            case AliasClaimed claimed:
                operations.QueueSqlCommand(
                    """
                    insert into parle.session_aliases (agent_id, alias, generation, session_id, claimed_at, offline_delivery) values (?, ?, ?, ?, ?, true)
                    on conflict (agent_id, alias) do update set generation = excluded.generation, session_id = excluded.session_id, claimed_at = excluded.claimed_at, released_at = null
                    """,
                    fact.StreamId, claimed.Alias, claimed.Generation, claimed.SessionID, fact.Timestamp);
                break;
            case AliasOfflineDeliveryDisabled { RoomID: { } roomID } disabled:
                operations.QueueSqlCommand(
                    "insert into parle.session_alias_closed_rooms (agent_id, alias, room_id) values (?, ?, ?) on conflict do nothing",
                    fact.StreamId, disabled.Alias, roomID);
                break;
            case AliasOfflineDeliveryDisabled disabled:
                operations.QueueSqlCommand("update parle.session_aliases set offline_delivery = false where agent_id = ? and alias = ?",
                    fact.StreamId, disabled.Alias);
                break;
            case AliasOfflineDeliveryEnabled { RoomID: { } roomID } enabled:
                operations.QueueSqlCommand(
                    "delete from parle.session_alias_closed_rooms where agent_id = ? and alias = ? and room_id = ?", fact.StreamId,
                    enabled.Alias, roomID);
                break;
            case AliasOfflineDeliveryEnabled enabled:
                operations.QueueSqlCommand("update parle.session_aliases set offline_delivery = true where agent_id = ? and alias = ?",
                    fact.StreamId, enabled.Alias);
                break;
            case AliasOfflineDeliveryRestored restored:
                OpenEverywhere(operations, fact.StreamId, restored.Alias);
                break;
            case AliasReleased released:
                OpenEverywhere(operations, fact.StreamId, released.Alias);
                operations.QueueSqlCommand("update parle.session_aliases set released_at = ? where agent_id = ? and alias = ?",
                    fact.Timestamp, fact.StreamId, released.Alias);
                break;
        }
    }

    private static void OpenEverywhere(IDocumentOperations operations, Guid agentID, string alias)
    {
        operations.QueueSqlCommand(
            "update parle.session_aliases set offline_delivery = true where agent_id = ? and alias = ?", agentID, alias);
        operations.QueueSqlCommand("delete from parle.session_alias_closed_rooms where agent_id = ? and alias = ?", agentID, alias);
    }
}
