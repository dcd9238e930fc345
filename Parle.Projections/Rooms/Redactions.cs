using JasperFx.Events;
using Marten;
using NpgsqlTypes;
using Parle.Domain.Rooms;

namespace Parle.Projections.Rooms;

/// <summary>
/// "Who redacted this content, and why?" One row under the id of each content, and one under that of the redaction itself.
/// </summary>
public sealed class Redactions : TableProjection
{
    /// <summary>Declares the table.</summary>
    public Redactions() => Own(Table("redactions", table =>
    {
        table.AddColumn("shown_at", "uuid").AsPrimaryKey(); // The content or fact in whose place the redaction is shown.
        table.AddColumn("event_id", "uuid").NotNull();
        table.AddColumn("fact_id", "uuid").NotNull();
        table.AddColumn("seat_id", "uuid").NotNull();
        table.AddColumn("reason", "text").NotNull();
    }));

    /// <inheritdoc/>
    protected override void Apply(IDocumentOperations operations, IReadOnlyList<IEvent> facts)
    {
        foreach (var fact in facts)
        {
            if (fact.Data is ContentRedacted redacted)
            {
                operations.QueueOperation(new SqlOperation(
                    "insert into parle.redactions (shown_at, event_id, fact_id, seat_id, reason) select i.id, ?, ?, ?, ? from unnest(?) as "
                    + "i(id) on conflict (shown_at) do nothing",
                    (fact.Id, NpgsqlDbType.Uuid),
                    (redacted.FactID, NpgsqlDbType.Uuid),
                    (redacted.BySeatID, NpgsqlDbType.Uuid),
                    (System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(redacted.Reason.ToString()), NpgsqlDbType.Text),
                    (redacted.Contents.Append(fact.Id).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)));
            }
        }
    }
}
