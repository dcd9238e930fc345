namespace Parle.Projections.Callers;

/// <summary>A condition on the operators that something was made by.</summary>
public static class OperatorsInForce
{
    /// <summary>
    /// No operator of an array column was dismissed. Everything that was made by an operator ends with it, and so does everything that was
    /// made with that.
    /// </summary>
    /// <param name="column">The column.</param>
    public static string NoneDismissed(string column) => "not exists (select 1 from parle.operators dismissed where dismissed.operator_id "
        + $"= any({column}) and dismissed.revoked_at is not null)";
}
