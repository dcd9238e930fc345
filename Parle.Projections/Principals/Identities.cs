using JasperFx.Events;
using Marten;
using Parle.Domain.Principals;

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
        table.PrimaryKeyName = Key;
    }));

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        foreach (var fact in facts)
        {
            if (fact.Data is IdentityLinked linked)
            {
                operations.QueueSqlCommand(
                    "insert into parle.identities (hash, kind, principal_id, linked_at) values (?, ?, ?, ?)", linked.Hash, linked.Kind, fact.StreamId, fact.Timestamp);
            }
        }
    }
}
