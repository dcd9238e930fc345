using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Principals;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Principals;

/// <summary>"Which people are signed in?" Their secrets are in <see cref="Tables.Credentials"/>.</summary>
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
        table.AddColumn("method", "text");
        table.AddColumn("opened_by", "text"); // The proved identity, as it stands in the authority chain.
        table.AddColumn("operators", "uuid[]"); // The operators that opened it, or that linked the identity.
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
                operations.QueueOperation(new SqlOperation(
                    "insert into parle.person_sessions (session_id, principal_id, created_at, expires_at, method, opened_by, operators) "
                    + "values (?, ?, ?, ?, ?, ?, ?)",
                    (fact.StreamId, NpgsqlDbType.Uuid), (started.PrincipalID, NpgsqlDbType.Uuid),
                    (fact.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                    (started.ExpiresAt.ToUniversalTime(), NpgsqlDbType.TimestampTz), (started.Method, NpgsqlDbType.Text),
                    (FactMetadata.AuthorityOf(fact).FirstOrDefault(step => step.StartsWith("email:", StringComparison.Ordinal)),
                        NpgsqlDbType.Text),
                    (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
                break;
            case PersonSessionEnded:
                operations.QueueSqlCommand(
                    "update parle.person_sessions set ended_at = ? where session_id = ?", fact.Timestamp, fact.StreamId);
                break;
        }
    }
}
