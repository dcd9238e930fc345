using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Principals;
using Weasel.Postgresql.Tables;

namespace Parle.Projections.Principals;

/// <summary>"Which principal does this proved identity belong to?" Only keyed hashes of identities are stored.</summary>
public sealed class Identities : TableProjection
{
    /// <summary>The constraint that stops two simultaneous links of one identity.</summary>
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
        table.AddColumn("operators", "uuid[]"); // The operators that linked it.
        table.Indexes.Add(new IndexDefinition("identities_principal") { Columns = ["principal_id"] });
        table.AddColumn("key_id", "text"); // The server key of its hash; null in facts from before keys could be rotated.
        table.AddColumn("former", "text[]"); // Its hashes under other server keys; null for none.
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
                    // A hash under another server key replaces the former row of the same identity, and keeps its link.
                    operations.QueueOperation(new SqlOperation(
                        """
                        with q as (select ?::uuid as principal_id, coalesce(?::text[], '{}') as former, ?::timestamptz as at, ?::text as issuer, ?::text as linked_by, ?::uuid[] as operators),
                        replaced as (
                            delete from parle.identities i using q where i.principal_id = q.principal_id and i.hash = any(q.former)
                            returning i.hash, i.former, i.linked_at, i.issuer, i.linked_by, i.operators),
                        oldest as (select * from replaced order by linked_at, hash limit 1)
                        insert into parle.identities (hash, kind, principal_id, linked_at, issuer, linked_by, operators, key_id, former)
                        select ?, ?, q.principal_id, coalesce(o.linked_at, q.at), coalesce(q.issuer, o.issuer),
                            case when o.hash is null then q.linked_by else o.linked_by end, case when o.hash is null then q.operators else o.operators end, ?, nullif(array(
                                select unnest(q.former) union select h from replaced, unnest(array[hash] || former) as h order by 1), '{}')
                        from q left join oldest o on true
                        """,
                        (fact.StreamId, NpgsqlDbType.Uuid), (linked.Former?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text),
                        (fact.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz), (linked.Issuer, NpgsqlDbType.Text),
                        (FactMetadata.ActorOf(fact).StartsWith("operator:", StringComparison.Ordinal) ? "operator" : "you",
                            NpgsqlDbType.Text),
                        (FactMetadata.OperatorsOf(fact), NpgsqlDbType.Array | NpgsqlDbType.Uuid), (linked.Hash, NpgsqlDbType.Text),
                        (linked.Kind, NpgsqlDbType.Text), (linked.Key, NpgsqlDbType.Text)));
                    break;
                case IdentityUnlinked unlinked:
                    operations.QueueSqlCommand("delete from parle.identities where principal_id = ? and ? = any(array[hash] || former)",
                        fact.StreamId, unlinked.Hash);
                    break;
            }
        }
    }
}
