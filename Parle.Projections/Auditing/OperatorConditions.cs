namespace Parle.Projections.Auditing;

/// <summary>Conditions on operators of the service, for queries of other views.</summary>
public static class OperatorConditions
{
    /// <summary>
    /// No operator in a column was dismissed. Everything that an operator made ends with its dismissal, and so does everything made with
    /// that.
    /// </summary>
    /// <param name="column">The column: operators, as an array of ids.</param>
    public static string NoneDismissed(string column) => "not exists (select 1 from parle.operators dismissed where dismissed.operator_id "
        + $"= any({column}) and dismissed.revoked_at is not null)";
}
