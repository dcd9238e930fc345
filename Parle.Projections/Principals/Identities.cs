using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Principals;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Principals;

/// <summary>"Who is it that proved this identity?" Only keyed hashes of identities are here.</summary>
public sealed class Identities : TableProjection
{
    /// <summary>The constraint that two who claim one identity meet at the same moment.</summary>
    public const string Key = "identities_pkey";

    /// <summary>Declares the table.</summary>
    public Identities() => Own(Table("identities", table =>
    {
        table.AddColumn("hash", "text").AsPrimaryKey();
        table.AddColumn("kind", "text").NotNull();
        table.AddColumn("principal_id", "uuid").NotNull();
        table.AddColumn("linked_at", "timestamptz").NotNull();
        table.AddColumn("issuer", "text");
        table.AddColumn("linked_by", "text");
        table.AddColumn("operators", "uuid[]"); // Those who linked it.
        table.Indexes.Add(new IndexDefinition("identities_principal") { Columns = ["principal_id"] });
        table.PrimaryKeyName = Key;
    }));

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        foreach (var fact in facts)
        {
            switch (fact.Data)
            {
                case IdentityLinked linked:
                    operations.QueueOperation(new SqlOperation(
                        "insert into parle.identities (hash, kind, principal_id, linked_at, issuer, linked_by, operators) values (?, ?, ?, ?, ?, ?, ?)",
                        (linked.Hash, NpgsqlDbType.Text), (linked.Kind, NpgsqlDbType.Text), (fact.StreamId, NpgsqlDbType.Uuid), (fact.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                        (linked.Issuer, NpgsqlDbType.Text), (FactMetadata.ActorOf(fact).StartsWith("operator:", StringComparison.Ordinal) ? "operator" : "you", NpgsqlDbType.Text),
                        (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
                    break;
                case IdentityUnlinked unlinked:
                    operations.QueueSqlCommand("delete from parle.identities where hash = ? and principal_id = ?", unlinked.Hash, fact.StreamId);
                    break;
            }
        }
    }
}
