using JasperFx.Events;
using Marten;
using Parle.Domain.Principals;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Principals;

/// <summary>"Which people are signed in?" The secret is not here: see <see cref="Tables.Credentials"/>.</summary>
public sealed class PersonSessions : TableProjection
{
    /// <summary>Declares the table.</summary>
    public PersonSessions() => Own(Table("person_sessions", table =>
    {
        table.AddColumn("session_id", "uuid").AsPrimaryKey();
        table.AddColumn("principal_id", "uuid").NotNull();
        table.AddColumn("created_at", "timestamptz").NotNull();
        table.AddColumn("expires_at", "timestamptz").NotNull();
        table.AddColumn("ended_at", "timestamptz");
        table.Indexes.Add(new IndexDefinition("person_sessions_principal") { Columns = ["principal_id"] });
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
            case PersonSessionStarted started:
                operations.QueueSqlCommand(
                    "insert into parle.person_sessions (session_id, principal_id, created_at, expires_at) values (?, ?, ?, ?)",
                    fact.StreamId, started.PrincipalID, fact.Timestamp, started.ExpiresAt);
                break;
            case PersonSessionEnded:
                operations.QueueSqlCommand("update parle.person_sessions set ended_at = ? where session_id = ?", fact.Timestamp, fact.StreamId);
                break;
        }
    }
}
