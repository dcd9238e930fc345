using JasperFx.Events;
using Marten;
using Parle.Domain.Agents;
using Parle.Domain.Principals;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Principals;

/// <summary>"Which principals and agents are there, under which handles?" The unique indexes of handles are here.</summary>
public sealed class Directory : TableProjection
{
    /// <summary>Declares the tables with their unique indexes.</summary>
    public Directory()
    {
        Own(Table("principals", table =>
        {
            table.AddColumn("principal_id", "uuid").AsPrimaryKey();
            table.AddColumn("handle", "text").NotNull();
            table.AddColumn("display_name", "text").NotNull();
            table.Indexes.Add(new IndexDefinition("principals_handle") { Columns = ["handle"], IsUnique = true });
        }));
        Own(Table("agents", table =>
        {
            table.AddColumn("agent_id", "uuid").AsPrimaryKey();
            table.AddColumn("principal_id", "uuid").NotNull();
            table.AddColumn("handle", "text").NotNull();
            table.AddColumn("display_name", "text").NotNull();
            table.AddColumn("created_at", "timestamptz").NotNull().DefaultValueByExpression("now()");
            table.AddColumn("deleted_at", "timestamptz");
            table.Indexes.Add(new IndexDefinition("agents_handle")
            { Columns = ["principal_id", "handle"], IsUnique = true, Predicate = "deleted_at is null" });
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
            case PrincipalRegistered principal:
                operations.QueueSqlCommand(
                    "insert into parle.principals (principal_id, handle, display_name) values (?, ?, ?)",
                    fact.StreamId, principal.Handle, principal.DisplayName);
                break;
            case AgentRegistered agent:
                operations.QueueSqlCommand(
                    "insert into parle.agents (agent_id, principal_id, handle, display_name, created_at) values (?, ?, ?, ?, ?)",
                    fact.StreamId, agent.PrincipalID, agent.Handle, agent.DisplayName, fact.Timestamp);
                break;
            case AgentDeleted:
                operations.QueueSqlCommand("update parle.agents set deleted_at = ? where agent_id = ?", fact.Timestamp, fact.StreamId);
                break;
        }
    }
}
