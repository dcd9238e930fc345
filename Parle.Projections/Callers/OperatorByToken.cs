using Npgsql;

namespace Parle.Projections.Callers;

/// <summary>An operator, as found by its credential.</summary>
/// <param name="OperatorID">Its id.</param>
/// <param name="Label">Its label.</param>
/// <param name="ExpiresAt">Its end; null for none.</param>
/// <param name="Path">The operators above it, the first one first.</param>
public sealed record OperatorByToken(Guid OperatorID, string Label, DateTimeOffset? ExpiresAt, Guid[] Path)
{
    private static readonly string sql = $"""
        select o.operator_id, o.label, o.expires_at, o.operators
        from parle.credentials c join parle.operators o on o.operator_id = c.subject_id
        where c.hash = $1 and o.revoked_at is null and (o.expires_at is null or o.expires_at > now())
          and {OperatorsInForce.NoneDismissed("o.operators")}
        """;

    /// <summary>The operator of a credential; null when it is over.</summary>
    public static async Task<OperatorByToken?> Of(NpgsqlDataSource database, byte[] hash, CancellationToken cancellation) =>
        (await database.Rows(
            sql,
            row => new OperatorByToken(row.Get<Guid>("operator_id"), row.Get<string>("label"), row.Get<DateTimeOffset?>("expires_at"),
                row.Get<Guid[]?>("operators") ?? []),
            cancellation, hash)).FirstOrDefault();
}
